import { Flex } from 'antd';
import { useEffect, type ReactNode } from 'react';
import { useText } from '../text/use-text';
import { ProblemAlert } from './problem-alert';
import { partTexts } from './text';

interface ScreenProps {
  title: string;
  /** One sentence: the question that the screen answers. */
  lead?: string;
  actions?: ReactNode;
  children: ReactNode;
}

export function Screen({ title, lead, actions, children }: ScreenProps) {
  useEffect(() => {
    document.title = `${title} · Hutong 互通`;
  }, [title]);
  return (
    <section className="screen">
      <Flex justify="space-between" align="start" wrap gap="small">
        <div>
          <h1 className="screen-title">{title}</h1>
          {lead && <p className="quiet screen-lead">{lead}</p>}
        </div>
        {actions && (
          <Flex gap="small" align="center" wrap>
            {actions}
          </Flex>
        )}
      </Flex>
      {children}
    </section>
  );
}

export interface Loadable<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** What a request brought, its problem, or a placeholder while it runs. */
export function Loaded<T>({ query, children }: { query: Loadable<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <ProblemAlert error={query.error} retry={() => query.refetch()} />;
  return <Loading />;
}

export function Loading() {
  const say = useText(partTexts);
  return (
    <div className="loading" role="status" aria-label={say('loading')}>
      <i />
      <i />
      <i />
    </div>
  );
}

/** A part of a screen with a heading of its own. @param as `article` for entries of a list, which can have the same title */
export function Panel({
  title,
  actions,
  as: Part = 'section',
  children,
}: {
  title?: string;
  actions?: ReactNode;
  as?: 'section' | 'article';
  children: ReactNode;
}) {
  return (
    <Part className="panel" aria-label={title}>
      {(title ?? actions) !== undefined && (
        <Flex justify="space-between" align="center" wrap gap="small" className="panel-head">
          {title && <h2>{title}</h2>}
          {actions}
        </Flex>
      )}
      {children}
    </Part>
  );
}
