/** Where Chromium is: as CHROMIUM_PATH says, or where systems put it. */
export function findChromium(): string | undefined;
/** Debian's Chromium, where apt is there and we may use it. */
export function installChromium(): void;
