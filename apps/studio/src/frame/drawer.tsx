import { useEffect, useRef, type ReactNode } from 'react';
import { Icon } from './icons.js';

/** Details beside the screen. It takes the focus when it opens, and gives it back; Escape closes it. */
export function Drawer({
  title,
  children,
  onClose,
}: {
  title: string;
  children: ReactNode;
  onClose: () => void;
}) {
  const own = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    own.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <aside
      className="drawer"
      ref={own}
      tabIndex={-1}
      aria-label={title}
      onKeyDown={({ key, defaultPrevented }) => {
        if (key === 'Escape' && !defaultPrevented) onClose();
      }}
    >
      <header>
        <h2>{title}</h2>
        <button type="button" className="icon end" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </aside>
  );
}
