const TURNS_DIRECTION = /[\u202a-\u202e\u2066-\u2069]/g;

/** What turns the direction of a text, and of those after it, is seen and turns nothing. */
export const shownText = (text: string): string => text.replaceAll(TURNS_DIRECTION, '\ufffd');
