/** Words on their way through a POSIX shell, which makes these very words of them again. Pure. */

/** One word, whatever is in it; as it is where nothing in it means anything to a shell. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_\-./:=@,+]+$/.test(word) ? word : quoted(word);
}

/** A text in quotes, whatever is in it: one word that looks the same whether or not it needs them. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
