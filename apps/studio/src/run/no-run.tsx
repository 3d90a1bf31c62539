import { Link } from '@tanstack/react-router';
import { Nothing } from '../frame/nothing.js';

/** Of an address that names none, or one that the server does not have. */
export function NoRun() {
  return (
    <Nothing
      title="There is no such run"
      why="No run has this id: the address may be mistyped, or of another server."
    >
      <Link to="/runs">To Runs</Link>
    </Nothing>
  );
}
