interface SignButtonProps {
  /** What it does, for who cannot see the sign. */
  readonly label: string;
  readonly sign: string;
  /** Shown with the label on hover. */
  readonly keys?: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
}

/** A small button that shows a sign, such as an arrow. */
export function SignButton({ label, sign, keys, disabled, onClick }: SignButtonProps) {
  return (
    <button
      type="button"
      className="icon"
      aria-label={label}
      title={keys === undefined ? label : `${label} (${keys})`}
      disabled={disabled}
      onClick={onClick}
    >
      <span aria-hidden="true">{sign}</span>
    </button>
  );
}
