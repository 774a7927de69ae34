import { Link } from '@tanstack/react-router';

/** Leads to the page of a network. */
export function NetworkLink({ network }: { network: string }) {
  return (
    <Link to="/networks" search={{ network }}>
      {network}
    </Link>
  );
}
