/** sentence writes what the node says of an error, which is part of a line there, as a sentence. */
export function sentence(text: string): string {
  const said = text.trim()
  if (said === '') return said
  const begun = said[0]!.toUpperCase() + said.slice(1)
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`
}
