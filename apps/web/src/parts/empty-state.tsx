import type { ReactNode } from 'react';

/** Says what would stand here and how it comes into being. */
export function EmptyState({ title, teach, action }: { title: string; teach: string; action?: ReactNode }) {
  return (
    <div className="panel empty">
      <strong>{title}</strong>
      <p>{teach}</p>
      {action}
    </div>
  );
}
