import { afterAll, describe, expect, it } from '@jest/globals';
import { EspeakHost } from '../src/adapters/espeak/espeak-host.js';
import { ESPEAK_DEFAULTS } from '../src/adapters/espeak/espeak-synthesis.js';
import { visemeOfPhoneme } from '../src/app/viseme-of-phoneme.js';

/** Sentences with (nearly) all sounds of a language, by the engine's accent. */
const TEXTS = {
  'en-us':
    'The quick brown fox jumps over the lazy dog. She thought about measuring this treasure, joyfully chewing cheese; voice, house, beer, bear, poor, bird, butter, little button, sing, yes, where.',
  en: 'The quick brown fox jumps over the lazy dog. She thought about this treasure, joyfully chewing cheese; voice, beer, bear, poor, bird, hot, home, bath.',
  'es-419':
    'El veloz murciélago hindú comía feliz cardillo y kiwi. La cigüeña tocaba el saxofón detrás del palenque de paja. Lluvia, guerra, cada dedo, niño, ciudad.',
  es: 'El veloz murciélago hindú comía feliz cardillo y kiwi. Lluvia, guerra, cada dedo, niño, zapato, ciudad, jugo.',
  fr: 'Portez ce vieux whisky au juge blond qui fume. Un bon vin blanc, le peuple, la fleur, la montagne, huit, oui, rue, brun, chien, cœur.',
  de: 'Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich. Ich auch, schön, Pferd, Jeans, Garage, Straße, Uhr, Tür, böse, Häuser.',
  'pt-br':
    'Luís argüia à Júlia que brações, fé, chá, óxido, pôr, zângão eram palavras do português. Filho, ninho, mãe, muito, tia, dia.',
  pt: 'Filho, ninho, mãe, não, tia, dia, muito, carro, gente, chave, verde.',
  it: 'Ma la volpe col suo balzo ha raggiunto il quieto Fido. Gnocchi, figlio, pizza, zaino, giorno, cielo, sciarpa, acqua, uomo.',
  ja: 'いろはにほへと ちりぬるを わかよたれそ つねならむ。がっこう、りょこう、しゃしん、ふつう、きょうと、ぜんぶ、じゃあね、ピザ、ぎゅうにゅう。',
  hi: 'मैं घर जा रहा हूँ। ठंडा पानी, बड़ा पेड़, छोटा भाई, धन्यवाद, झूठ, ज्ञान, फ़िल्म, ख़बर, औरत, ऐनक, ऋषि, गाँव, ढोल, थाली, टमाटर।',
  ko: '키스의 고유조건은 입술끼리 만나야 하고 특별한 기술은 필요치 않다. 꽃, 빵, 떡, 쌀, 짜다, 의사, 왜, 외국, 위험, 얘기.',
  ru: 'Съешь же ещё этих мягких французских булок, да выпей чаю. Жизнь, щука, хорошо, цирк, мышь, объект, юбка.',
  vi: 'Tôi muốn ăn phở bò và uống cà phê sữa đá. Người Việt, nghỉ ngơi, trường học, giữa đường, quyển sách, khuya, xinh đẹp, thương yêu.',
};

describe('every phoneme has a mouth shape', () => {
  const host = new EspeakHost(ESPEAK_DEFAULTS);
  afterAll(() => host.stop());

  it.each(Object.entries(TEXTS))('%s', async (voice, text) => {
    const answer = await host.ask({ text, voice, wordsPerMinute: 155 }, new AbortController().signal);
    if (answer.outcome !== 'spoken') throw new Error(answer.outcome);

    const sounds = answer.events.filter(({ type, phoneme }) => type === 'phoneme' && /^[^(]/.test(phoneme));

    expect(sounds.length).toBeGreaterThan(40);
    expect(sounds.filter(({ phoneme }) => !visemeOfPhoneme(phoneme))).toEqual([]);
  });
});
