import { Modal, type MantineSize } from '@mantine/core';
import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Paper.css';
import type { ReactNode } from 'react';

/** A dialog that is there as long as it is rendered: it keeps the focus, and Escape closes it. */
export function Dialog(of: { title: string; size?: MantineSize; children: ReactNode; onClose: () => void }) {
  return <Modal opened {...of} closeButtonProps={{ 'aria-label': 'Close' }} />;
}
