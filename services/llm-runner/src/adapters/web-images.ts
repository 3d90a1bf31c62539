import { Problem } from '@duofactory/platform';
import { lookup } from 'node:dns';
import { get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { ImageSource, type OpenedImage } from '../app/image-source.js';

const PATIENCE_MS = 15_000;
const MOST_REDIRECTS = 3;

/** Networks of machines that are nobody's business outside: IANA's special-purpose registries. */
const PRIVATE = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv4');
/** Of IPv6 only what is given out to the world is asked, and nothing that carries an address of IPv4. */
const PUBLIC = new BlockList();
PUBLIC.addSubnet('2000::', 3, 'ipv6');
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv6');

/**
 * Images of the web. An address may come from anybody, so it leads out of the house and nowhere else: each name is
 * looked up once, and what is connected to is what was checked, at every redirect anew.
 */
export class WebImages extends ImageSource {
  /** `hosts`: asked though they are not public, as `host` or `host:port`. */
  constructor(private readonly hosts: readonly string[]) {
    super();
  }

  async open(url: string, signal: AbortSignal): Promise<OpenedImage> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    let address = addressOf(url);
    for (let redirects = 0; ; redirects += 1) {
      const answer = await this.#ask(address, limited).catch((cause: unknown) => {
        if (signal.aborted || cause instanceof Problem) throw cause;
        throw refused(`${address.host} does not answer: ${(cause as Error).message}`, cause);
      });
      const { statusCode = 0, headers } = answer;
      if (statusCode === 200)
        return {
          contentType: headers['content-type'],
          body: answer as AsyncIterable<Buffer>,
          close: () => answer.destroy(),
        };
      answer.destroy();
      if (statusCode < 300 || statusCode >= 400 || headers.location === undefined)
        throw refused(`${address.host} answers ${statusCode}: give the address of the image itself`);
      if (redirects === MOST_REDIRECTS)
        throw refused(`${address.host} sends on to other addresses without end`);
      address = addressOf(new URL(headers.location, address).href);
    }
  }

  #ask(address: URL, signal: AbortSignal): Promise<IncomingMessage> {
    const { hostname, host, protocol } = address;
    const isKnown = this.hosts.includes(host) || this.hosts.includes(hostname);
    const literal = hostname.replace(/^\[|\]$/g, '');
    if (!isKnown && isIP(literal) !== 0 && !isPublic(literal)) throw notPublic(host);
    const get = protocol === 'https:' ? getSecure : getPlain;
    const headers = { accept: 'image/*', 'user-agent': 'DuoFactory' };
    return new Promise((resolve, reject) => {
      // A connection of its own: one that is kept may lead elsewhere.
      get(
        address,
        { headers, signal, agent: false, ...(isKnown ? {} : { lookup: lookupPublic }) },
        resolve,
      ).on('error', reject);
    });
  }
}

function addressOf(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || !['http:', 'https:'].includes(address.protocol))
    throw refused('This is no address of the web: it begins with https://');
  if (address.username !== '' || address.password !== '')
    throw refused('An address with a name and a password in it is not asked');
  return address;
}

const lookupPublic: LookupFunction = (hostname, options, answer) =>
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return answer(error, '');
    const [first] = found;
    if (!first || found.some(({ address }) => !isPublic(address))) return answer(notPublic(hostname), '');
    return options.all ? answer(null, found) : answer(null, first.address, first.family);
  });

function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !PRIVATE.check(address, 'ipv4');
  return PUBLIC.check(address, 'ipv6') && !PRIVATE.check(address, 'ipv6');
}

function notPublic(host: string): Problem {
  return refused(
    `${host} is not on the public web: choose the file, or let DUOFACTORY_IMAGE_HOSTS name the host`,
  );
}

function refused(message: string, cause?: unknown): Problem {
  return new Problem(
    {
      ...{ status: 422, code: 'image-not-fetched', title: 'The image was not fetched', detail: message },
      errors: [{ field: 'url', message }],
    },
    { cause },
  );
}
