import { Problem } from '@duofactory/platform';
import { describe, expect, it } from '@jest/globals';
import { casesFromCsv } from './cases-from-csv.js';

const faultsOf = (csv: string): string[] => {
  try {
    casesFromCsv(csv);
    return [];
  } catch (error) {
    return (error as Problem).errors!.map(({ field, message }) => `${field}: ${message}`);
  }
};

describe('cases of a sheet', () => {
  it('give each column its place: verdicts, lists of lines, JSON, text', () => {
    const csv = [
      'id,case:course,case:judgedOn,verdict,verdict:level,note,unit.level,unit.words,script.lines,script.title',
      'cafe,en-es,2026-11-30,pass,fail,"one, long word",A1,"[""té""]","Ana: ¡Hola!\nLuis: Buenas: días.",3 cafés',
      'mesa,,,FAIL,,,A2,,"Ana: ¡Hola!",',
    ].join('\n');

    expect(casesFromCsv(csv)).toEqual([
      {
        ...{ id: 'cafe', verdict: 'pass', verdicts: { level: 'fail' }, note: 'one, long word' },
        ...{ course: 'en-es', judgedOn: '2026-11-30' },
        given: {
          unit: { level: 'A1', words: ['té'] },
          script: {
            lines: [
              { speaker: 'Ana', text: '¡Hola!' },
              { speaker: 'Luis', text: 'Buenas: días.' },
            ],
            title: '3 cafés',
          },
        },
      },
      { id: 'mesa', verdict: 'fail', given: { unit: { level: 'A2' }, script: { lines: 'Ana: ¡Hola!' } } },
    ]);
  });

  it('name the row and the column of what is wrong', () => {
    expect(faultsOf('id,text\na,b')).toEqual([expect.stringContaining('csv: The first row must name')]);
    expect(faultsOf('id,verdict,a,a.b\n,maybe,1,2')).toEqual([
      'row 2, verdict: "maybe" must be pass or fail',
      'row 2, a.b: Two columns give this path',
      'row 2, id: The case has no id',
    ]);
    expect(faultsOf('id,verdict\na,pass,more')).toEqual([
      'row 2, column 3: "more" is in a column without a name',
    ]);
    expect(faultsOf('id,verdict, verdict\na,pass,fail')).toEqual(['csv: Two columns are called "verdict"']);
    expect(faultsOf('')).toEqual([expect.stringContaining('csv: ')]);
  });

  it('leave out rows without anything, as spreadsheets have them, and keep the numbers of the others', () => {
    expect(casesFromCsv('id,verdict,text\na,pass\n\nb,fail,x,\n,,\n , \n')).toEqual([
      { id: 'a', verdict: 'pass', given: {} },
      { id: 'b', verdict: 'fail', given: { text: 'x' } },
    ]);
    expect(faultsOf('id,verdict\n\n,\na,maybe\n')).toEqual(['row 4, verdict: "maybe" must be pass or fail']);
  });

  it('are data, whatever a column is called', () => {
    const [one] = casesFromCsv('id,verdict,__proto__.polluted,constructor.name\na,pass,1,2');

    expect(Object.hasOwn(one!.given, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
