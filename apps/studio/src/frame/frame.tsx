import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { Link, Outlet } from '@tanstack/react-router';
import { useConnection } from '../live/live-runs.js';
import { Icon } from './icons.js';

const SCREENS = [
  { to: '/', label: 'Home', icon: 'home' },
  { to: '/prompts', label: 'Prompts', icon: 'prompts' },
  { to: '/evaluators', label: 'Evaluators', icon: 'evaluators' },
  { to: '/runs', label: 'Runs', icon: 'runs' },
  { to: '/review', label: 'Review', icon: 'review' },
  { to: '/catalog', label: 'Catalog', icon: 'catalog' },
  { to: '/sources', label: 'Sources', icon: 'sources' },
  { to: '/operations', label: 'Operations', icon: 'operations' },
] as const;

const CONNECTION = { live: 'Live', connecting: 'Connecting', down: 'Not live' };

export function Frame() {
  const connection = useConnection();
  return (
    <div className="frame">
      <a className="skip" href="#screen">
        To the content
      </a>
      <header className="bar">
        <Link to="/" className="brand">
          <img src="/icon.svg" width="22" height="22" alt="" />
          DuoFactory
        </Link>
        <div className="end">
          <span className={`live ${connection}`} role="status">
            {CONNECTION[connection]}
          </span>
          <SchemeSwitch />
        </div>
      </header>
      <nav className="rail" aria-label="Screens">
        <ul>
          {SCREENS.map(({ to, label, icon }) => (
            <li key={to}>
              <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
                <Icon name={icon} />
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <main className="screen" id="screen" tabIndex={-1}>
        {connection === 'down' && (
          <div className="notice calm">
            The server is not reached. What you see stays; it goes on by itself.
          </div>
        )}
        <Outlet />
      </main>
    </div>
  );
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
