/** Words that are frequent in one language and rare in the others. */
const FREQUENT: Record<string, readonly string[]> = {
  en: [
    'the',
    'and',
    'is',
    'are',
    'you',
    'with',
    'for',
    'this',
    'what',
    'have',
    'please',
    'my',
    'it',
    'to',
    'of',
  ],
  es: [
    'el',
    'los',
    'las',
    'una',
    'y',
    'qué',
    'con',
    'para',
    'está',
    'por',
    'favor',
    'mi',
    'muy',
    'pero',
    'tú',
  ],
  fr: [
    'le',
    'les',
    'des',
    'une',
    'et',
    'est',
    'avec',
    'pour',
    'vous',
    'je',
    'c’est',
    'mon',
    'très',
    'mais',
    'il',
  ],
  de: [
    'der',
    'die',
    'das',
    'und',
    'ist',
    'mit',
    'für',
    'ich',
    'nicht',
    'sie',
    'ein',
    'eine',
    'bitte',
    'sehr',
  ],
  pt: ['o', 'os', 'as', 'um', 'uma', 'e', 'com', 'para', 'você', 'não', 'muito', 'meu', 'está', 'mas'],
  it: ['il', 'gli', 'un', 'una', 'e', 'con', 'per', 'è', 'che', 'non', 'molto', 'mio', 'sono', 'ma'],
};

/** Lines that have more of another language's frequent words than of their own. */
export function foreignLines(lines: readonly string[], language: string): string[] {
  const own = FREQUENT[language.split('-')[0]!];
  if (!own) return [];
  const others = Object.entries(FREQUENT).filter(([name]) => name !== language.split('-')[0]);
  return lines.filter((line) => {
    const words = line.toLocaleLowerCase().split(/[^\p{L}’']+/u);
    const count = (list: readonly string[]): number => words.filter((word) => list.includes(word)).length;
    const mine = count(own);
    return others.some(([, list]) => count(list) > mine + 1);
  });
}
