import { useQueryClient } from '@tanstack/react-query';
import { Modal, Progress } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { inBulk, resultOfEach, type BulkResult } from '../../parts/bulk';
import { inBackground } from '../../parts/in-background';
import { useText } from '../../text/use-text';
import './dead-letters.css';
import { letterTexts } from './text';

export interface Bulk {
  action: 'replay' | 'discard';
  ids: string[];
}

function runOne(action: Bulk['action'], id: string): Promise<unknown> {
  const params = { path: { id: Number(id) } };
  return action === 'replay'
    ? answer(api.POST('/v1/dead-letters/{id}/replay', { params }))
    : answer(api.DELETE('/v1/dead-letters/{id}', { params }));
}

/** @param error undefined: it was done */
function ResultWords({ error }: { error: unknown }) {
  const say = useText(letterTexts);
  if (error === undefined) return <>{say('done')}</>;
  return <span className="hostile">{error instanceof Error ? error.message : JSON.stringify(error)}</span>;
}

/** Asks, then does it to each letter and shows how far it is, and the result of each. */
export default function BulkDialog({ bulk: { action, ids }, close }: { bulk: Bulk; close: () => void }) {
  const say = useText(letterTexts);
  const queries = useQueryClient();
  const [state, setState] = useState<'asked' | 'running' | 'finished'>('asked');
  const [result, setResult] = useState<BulkResult>({ done: 0, failed: [] });
  const run = async () => {
    if (state === 'finished') return close();
    setState('running');
    await inBulk(ids, (id) => runOne(action, id), setResult);
    setState('finished');
    await queries.invalidateQueries({ queryKey: ['dead-letters'] });
  };
  const handled = result.done + result.failed.length;
  return (
    <Modal
      open
      title={say(action === 'replay' ? 'replayTitle' : 'discardTitle', { count: ids.length })}
      okText={say(state === 'finished' ? 'close' : action)}
      cancelText={say('cancel')}
      okButtonProps={{ danger: action === 'discard' && state !== 'finished', loading: state === 'running' }}
      cancelButtonProps={{ disabled: state === 'running', hidden: state === 'finished' }}
      closable={state !== 'running'}
      onOk={() => inBackground(run())}
      onCancel={close}
    >
      <p>{say(action === 'replay' ? 'replayEffect' : 'discardEffect')}</p>
      {state !== 'asked' && (
        <>
          <Progress
            percent={Math.round((handled / ids.length) * 100)}
            status={result.failed.length > 0 ? 'exception' : state === 'finished' ? 'success' : 'active'}
            aria-label={say('working', { done: handled, all: ids.length })}
          />
          <p role="status">
            {state === 'running'
              ? say('working', { done: handled, all: ids.length })
              : say('finished', { done: result.done, failed: result.failed.length })}
          </p>
        </>
      )}
      {state === 'finished' && (
        <div role="region" tabIndex={0} aria-label={say('results')} className="bulk-results">
          <ul>
            {resultOfEach(ids, result).map(({ item, error }) => (
              <li key={item}>
                {say('letter', { id: item })}: <ResultWords error={error} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </Modal>
  );
}
