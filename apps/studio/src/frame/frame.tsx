import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { Link, Outlet, useLocation, useMatches } from '@tanstack/react-router';
import { Suspense, useEffect, useState } from 'react';
import { lazyPart } from '../api/load-part.js';
import { pauseUpdates, useConnection, useUpdatesPaused } from '../live/live-runs.js';
import { useStoreFull } from '../values/kept.js';
import { Icon } from './icons.js';
import { SCREENS } from './screens.js';
import { useEnterPressesOnce, useKeys } from './use-keys.js';

const GoTo = lazyPart(() => import('./go-to.js'));
const KeysHelp = lazyPart(() => import('./keys-help.js'));

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** What tabs and the browser's history call the screen. */
    title?: (params: Readonly<Record<string, string>>) => string;
  }
}

const CONNECTION = { live: 'Live', connecting: 'Connecting', down: 'Not live' };

export function Frame() {
  const connection = useConnection();
  const paused = useUpdatesPaused();
  const isStoreFull = useStoreFull();
  const title = useTitle();
  const environment = useEnvironment();
  const [open, setOpen] = useState<'go-to' | 'keys'>();
  const close = (): void => setOpen(undefined);
  useKeys({ 'ctrl+k': () => setOpen('go-to'), '?': () => setOpen('keys') }, { overDialogs: true });
  useEnterPressesOnce();
  return (
    <div className="frame">
      <title>{title === undefined ? 'DuoFactory' : `${title} - DuoFactory`}</title>
      <a className="skip" href="#screen">
        To the content
      </a>
      <header className="bar">
        <Link to="/" className="brand">
          <img src="/icon.svg" width="22" height="22" alt="" />
          DuoFactory
        </Link>
        <div className="end">
          <button type="button" className="find" onClick={() => setOpen('go-to')}>
            Go to <kbd className="wide-only">Ctrl K</kbd>
          </button>
          {environment !== undefined && (
            <span className={`environment wide-only ${environment}`}>{environment}</span>
          )}
          <span className={`live ${paused ? 'paused' : connection}`} role="status">
            {paused ? 'Paused' : CONNECTION[connection]}
          </span>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={paused ? 'Resume updates' : 'Pause updates'}
            aria-pressed={paused}
            title={paused ? 'Resume updates' : 'Pause updates'}
            onClick={() => pauseUpdates(!paused)}
          >
            <Icon name={paused ? 'play' : 'pause'} />
          </ActionIcon>
          <ActionIcon
            className="wide-only"
            variant="subtle"
            color="gray"
            aria-label="Keys"
            title="Keys (?)"
            onClick={() => setOpen('keys')}
          >
            ?
          </ActionIcon>
          <SchemeSwitch />
        </div>
      </header>
      <Rail />
      <main className="screen" id="screen" tabIndex={-1}>
        {connection === 'down' && (
          <div className="notice calm">
            The server is not reached. What you see stays; it goes on by itself.
          </div>
        )}
        {isStoreFull && (
          <div className="notice" role="alert">
            This browser has no room to keep what you type: until it is saved, a reload loses it.
          </div>
        )}
        <Outlet />
      </main>
      <Suspense>
        {open === 'go-to' && <GoTo onClose={close} />}
        {open === 'keys' && <KeysHelp onClose={close} />}
      </Suspense>
    </div>
  );
}

/** Beside the screen; below it where that is narrow, with the rest of the screens behind one button. */
function Rail() {
  const [isOpen, setOpen] = useState(false);
  const path = useLocation({ select: ({ pathname }) => pathname });
  useEffect(() => setOpen(false), [path]);
  const isElsewhere = SCREENS.some(({ to, often }) => !often && path.startsWith(to));
  return (
    <nav
      className={isOpen ? 'rail open' : 'rail'}
      aria-label="Screens"
      onKeyDown={({ key }) => {
        if (key === 'Escape') setOpen(false);
      }}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) setOpen(false);
      }}
    >
      <ul id="screens">
        {SCREENS.map(({ to, label, icon, often }) => (
          <li key={to} className={often ? undefined : 'seldom'}>
            <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
              <Icon name={icon} />
              {label}
            </Link>
          </li>
        ))}
        <li className="rest">
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls="screens"
            className={isElsewhere && !isOpen ? 'here' : undefined}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name={isOpen ? 'close' : 'more'} />
            {isOpen ? 'Close' : 'More'}
          </button>
        </li>
      </ul>
    </nav>
  );
}

/** Of the innermost screen that has one. */
function useTitle(): string | undefined {
  const match = useMatches().findLast(({ staticData }) => staticData.title);
  return match?.staticData.title?.(match.params);
}

/** Of a screen whose commands reach the readers of one. */
function useEnvironment(): string | undefined {
  return useMatches({
    select: (matches) => {
      const named = matches.map(({ params }) => (params as { environment?: string }).environment);
      return named.find((one) => one === 'dev' || one === 'prod');
    },
  });
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={`Use ${other} colours`}
      onClick={() => setColorScheme(other)}
    >
      <Icon name={scheme === 'dark' ? 'sun' : 'moon'} />
    </ActionIcon>
  );
}
