import { useTyping } from '../values/typing.js';

/** By which key the server knows what is sent: as long as it has not answered, all that is sent is the same one. */
export interface SentAs {
  key: () => string;
  /** What is sent next is another one. */
  answered: () => void;
}

/** One press is one start, however often it is sent, also after a reload. */
export function useSentAs(place: string): SentAs {
  const [sentAs, setSentAs, forget] = useTyping<string | null>(`${place}/sent`, () => null);
  return {
    key: () => {
      const key = sentAs ?? crypto.randomUUID();
      setSentAs(key);
      return key;
    },
    answered: () => {
      setSentAs(null);
      forget();
    },
  };
}
