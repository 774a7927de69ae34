import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Flex, Progress as Bar, Select } from 'antd';
import { useId, useState } from 'react';
import { answer, api } from '../../../api/client';
import type { Schemas } from '../../../api/contract';
import { uploadFile } from '../../../api/upload';
import { inBackground } from '../../../parts/in-background';
import { useMoments } from '../../../parts/moment';
import { ProblemAlert } from '../../../parts/problem-alert';
import { Loaded, Panel } from '../../../parts/screen';
import { useText } from '../../../text/use-text';
import { ReconciliationResult } from './result';
import { reconcileTexts } from './text';

type Reconciliation = Schemas['Reconciliation'];

/** Bytes of a file at most, before it is packed: as the server counts them. */
const MOST_BYTES = 64 * 1024 * 1024;

function typeOf({ name }: File): string {
  return /\.(csv|txt)$/i.test(name) ? 'text/csv' : 'application/x-ndjson';
}

/** The upload of own records, with its progress. */
function Upload({ date, onDone }: { date: string; onDone: (made: Reconciliation) => void }) {
  const say = useText(reconcileTexts);
  const input = useId();
  const [percent, setPercent] = useState<number>();
  const [error, setError] = useState<unknown>();
  const compare = async (file: File) => {
    setError(undefined);
    if (file.size > MOST_BYTES) return setError(new Error(say('tooLarge')));
    setPercent(0);
    const path = `/v1/business-days/${encodeURIComponent(date)}/reconciliations`;
    try {
      onDone(await uploadFile<Reconciliation>(path, file, typeOf(file), setPercent));
    } catch (fault) {
      setError(fault);
    } finally {
      setPercent(undefined);
    }
    return undefined;
  };
  return (
    <>
      <p>
        <label htmlFor={input}>{say('file')}</label>{' '}
        <input
          id={input}
          type="file"
          accept=".csv,.jsonl,.ndjson,.json,.txt"
          disabled={percent !== undefined}
          onChange={({ target }) => {
            const file = target.files?.[0];
            // The same file can be chosen again after it was corrected.
            target.value = '';
            if (file) inBackground(compare(file));
          }}
        />
      </p>
      {percent !== undefined && (
        <div role="status">
          {say(percent < 100 ? 'sending' : 'comparing')}
          <Bar percent={percent} aria-label={say('title')} />
        </div>
      )}
      {error !== undefined && <ProblemAlert error={error} />}
    </>
  );
}

/** Compares a file of own records with the clearing file, and shows this comparison and earlier ones. */
export function ReconcilePanel({ date }: { date: string }) {
  const say = useText(reconcileTexts);
  const { absolute } = useMoments();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<string>();
  const queryKey = ['reconciliations', date];
  const query = useQuery({
    queryKey,
    queryFn: () =>
      answer(api.GET('/v1/business-days/{date}/reconciliations', { params: { path: { date } } })),
  });
  const done = ({ id }: Reconciliation) => {
    setChosen(id);
    inBackground(queries.invalidateQueries({ queryKey }));
  };
  return (
    <Panel title={say('title')}>
      <p>{say('teach')}</p>
      <Upload date={date} onDone={done} />
      <Loaded query={query}>
        {({ items }) => {
          const shown = items.find(({ id }) => id === chosen) ?? items[0];
          return (
            shown && (
              <Flex vertical gap="middle">
                {items.length > 1 && (
                  <Select
                    aria-label={say('earlier')}
                    value={shown.id}
                    onChange={setChosen}
                    options={items.map(({ id, at }) => ({ value: id, label: absolute(at) }))}
                  />
                )}
                <ReconciliationResult key={shown.id} date={date} reconciliation={shown} />
              </Flex>
            )
          );
        }}
      </Loaded>
    </Panel>
  );
}
