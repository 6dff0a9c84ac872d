import { visible } from '../core/visible.ts'

/** Labelled values, one a line, in a column; a list takes a line per value. */
export function fieldsView(
  fields: readonly (readonly [label: string, value: string | readonly string[]])[],
): string {
  const width = Math.max(...fields.map(([label]) => label.length))
  return fields
    .flatMap(([label, value]) =>
      [value]
        .flat()
        .map(
          (text, index) =>
            `${(index === 0 ? visible(label) : '').padEnd(width)}  ${visible(text)}\n`,
        ),
    )
    .join('')
}
