import { remedyText, type Severity } from '../verify/finding.ts'
import type { Audit, AuditedRole, AuditFinding } from './audit.ts'
import { RULES } from './rules/tables.ts'

/** SARIF 2.1.0 section 3.27.10: `level` of a result. */
const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
}

/** What GitHub code scanning sorts by: docs.github.com, "SARIF support for code scanning". */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  high: '8.0',
  medium: '5.0',
  low: '2.0',
  info: '0.0',
}

/** Where a role stands in for a file, which code scanning wants; the same name stands in its diff. */
export const policyFile = (role: { readonly name: string }): string => `iam/role/${role.name}.json`

/**
 * An audit as a SARIF 2.1.0 log (OASIS sarif-v2.1.0-os), with what is found for the programs that
 * collect such things. Same findings, same text: rules by name, results by role.
 */
export const sarifOf = ({ roles }: Audit, version: string) => ({
  $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'irsa', semanticVersion: version, rules: SORTED.map(ruleOf) } },
      columnKind: 'utf16CodeUnits',
      results: roles
        .toSorted((one, other) => (one.arn < other.arn ? -1 : 1))
        .flatMap((role) => role.findings.map((finding, at) => resultOf(role, finding, at))),
    },
  ],
})

const SORTED = RULES.toSorted((one, other) => (one.id < other.id ? -1 : 1))

const INDEX = new Map(SORTED.map(({ id }, index) => [id, index]))

const ruleOf = ({ id, title, help, severity }: (typeof RULES)[number]) => ({
  id,
  shortDescription: { text: `${title}.` },
  help: { text: help },
  defaultConfiguration: { level: LEVELS[severity] },
  properties: {
    'security-severity': SECURITY_SEVERITY[severity],
    tags: ['security', 'aws', 'iam'],
  },
})

const resultOf = (role: AuditedRole, finding: AuditFinding, at: number) => ({
  ruleId: finding.id,
  ruleIndex: INDEX.get(finding.id) ?? -1,
  level: LEVELS[finding.severity],
  message: {
    text: `${role.name}: ${finding.summary}. ${finding.why}\n${remedyText(finding)}`,
  },
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: encodeURI(policyFile(role)) },
        region: { startLine: 1 },
      },
      logicalLocations: [{ fullyQualifiedName: role.arn, kind: 'resource' }],
    },
  ],
  partialFingerprints: { 'irsaTrust/v1': fingerprintOf(role, at) },
})

/** The same finding on the same role, however its words change. */
function fingerprintOf({ arn, findings }: AuditedRole, at: number): string {
  const nameOf = ({ id, statement = 0 }: AuditFinding): string => `${arn} ${id} ${statement}`
  const [name = '', ...before] = findings
    .slice(0, at + 1)
    .map(nameOf)
    .toReversed()
  return `${name} ${before.filter((other) => other === name).length}`
}
