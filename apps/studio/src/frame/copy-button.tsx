import { Button, type ButtonProps } from '@mantine/core';
import { useState } from 'react';

/** Puts a text into the clipboard. Not there where the browser lets no page do so: the text can be selected. */
export function CopyButton(of: { text: () => string; label: string; copied: string } & ButtonProps) {
  const { text, label, copied, ...looks } = of;
  const [isCopied, setCopied] = useState(false);
  // Pages without TLS have none.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (!clipboard) return null;
  return (
    <Button {...looks} onClick={() => void clipboard.writeText(text()).then(() => setCopied(true))}>
      <span aria-live="polite">{isCopied ? copied : label}</span>
    </Button>
  );
}
