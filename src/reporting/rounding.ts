/**
 * SQL that rounds a whole number of 1/10,000 to whole minor units, ties to even: what `UnitPrice.extend` does, and so what
 * stands on every line of a document.
 * @param value SQL of a numeric without decimals
 * @param perMinor SQL of a numeric: how many 1/10,000 make a minor unit
 */
export function halfEvenSql(value: string, perMinor: string): string {
  const [whole, rest] = [`div(abs(${value}), ${perMinor})`, `mod(abs(${value}), ${perMinor})`];
  return `case when ${rest} = 0 then div(${value}, ${perMinor}) else sign(${value}) * (${whole} + case
    when 2 * ${rest} > ${perMinor} or (2 * ${rest} = ${perMinor} and mod(${whole}, 2) = 1) then 1 else 0 end) end`;
}
