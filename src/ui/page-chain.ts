import type { Link, LinkId } from '../core/verify/link.ts'
import { html, type Html } from './html.ts'
import { icon, SHORT_WORDS, WORDS } from './page-icons.ts'
import { evidenceMarkup, findingMarkup, textMarkup } from './page-finding.ts'

/** What the links are, for whoever does not know their ids. */
const TITLES: Readonly<Record<LinkId, string>> = {
  'signer-key': 'The key that signs the tokens',
  tls: 'The certificate of the issuer',
  discovery: 'The discovery document',
  jwks: 'The published keys',
  provider: 'The OIDC provider in IAM',
  audience: 'Whom the tokens are for',
  apiserver: 'The API server that makes them',
  webhook: 'The webhook that hands them to pods',
  token: 'The token itself',
  role: 'The role, and whom it trusts',
  sts: 'The exchange for credentials',
}

/** The chain in one row, from a pod to its credentials; each link leads to what is said of it. */
export const stripMarkup = (links: readonly Link[]): Html =>
  html`<ol class="strip">
    <li class="end"><span class="post">pod</span></li>
    ${links.map(
      ({ id, status }) =>
        html`<li class="${status}">
          <a href="#${id}" title="${id}: ${WORDS[status]}"
            >${icon(status)}<span class="id">${id}</span
            ><span class="word">${SHORT_WORDS[status]}</span></a
          >
        </li> `,
    )}
    <li class="end"><span class="post">AWS</span></li>
  </ol>`

/** Every link below the one before, with all that was found. */
export const railMarkup = (links: readonly Link[], broken: LinkId | null): Html =>
  html`<ol class="rail">
    ${links.map((link) => linkMarkup(link, link.id === broken))}
  </ol>`

function linkMarkup(link: Link, isFirst: boolean): Html {
  const { id, status, findings, evidence } = link
  const word = isFirst ? 'broken here' : WORDS[status]
  return html`<li class="${status}" id="${id}">
    ${icon(status)}
    <h3><span class="id">${id}</span> <span class="pill">${word}</span></h3>
    <p class="title">${TITLES[id]}</p>
    ${saidOf(link)} ${findings.map(findingMarkup)} ${evidenceMarkup(evidence)}
  </li> `
}

/** The findings say it themselves. */
function saidOf({ status, summary, fix }: Link): Html | undefined {
  if (status === 'fail' || status === 'warn') return undefined
  const takes =
    status === 'skip' && fix !== ''
      ? html`<div class="takes">
          <h4>What it takes</h4>
          ${textMarkup(fix)}
        </div>`
      : undefined
  return html`<p class="summary">${summary}</p>
    ${takes}`
}
