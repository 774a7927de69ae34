import { Link } from '@tanstack/react-router';
import { Alert, Descriptions, Flex, Progress as Bar } from 'antd';
import { useId, useState } from 'react';
import { useMay } from '../../../api/me';
import { DataTable, type Column } from '../../../parts/data-table';
import { inBackground } from '../../../parts/in-background';
import { ProblemAlert } from '../../../parts/problem-alert';
import { Panel } from '../../../parts/screen';
import { useText, type Say } from '../../../text/use-text';
import { MOST_LISTED, type Comparison, type Difference } from './comparison';
import { RecordFault } from './records';
import { MOST_BYTES, reconcile, type Progress } from './run';
import { reconcileTexts } from './text';

type Words = Say<typeof reconcileTexts>;

function columnsOf(say: Words, mayDispute: boolean): Column<Difference>[] {
  return [
    { key: 'kind', title: say('kind'), value: ({ kind }) => say(kind), choose: true },
    {
      key: 'reference',
      title: say('reference'),
      value: ({ reference }) => reference,
      show: ({ reference }) => <code className="hostile">{reference}</code>,
    },
    { key: 'to', title: say('to'), value: ({ to }) => to, choose: true },
    { key: 'field', title: say('field'), value: ({ field }) => field, choose: true },
    { key: 'own', title: say('own'), value: ({ own }) => own, align: 'right' },
    { key: 'billed', title: say('billed'), value: ({ billed }) => billed, align: 'right' },
    ...(mayDispute
      ? [
          {
            key: 'dispute',
            title: say('next'),
            value: () => '',
            buttons: true,
            show: ({ kind, reference, to }: Difference) =>
              kind === 'onlyTheirs' || kind === 'another' ? (
                <Link to="/disputes" search={{ reference, to }}>
                  {say('dispute')}
                </Link>
              ) : null,
          },
        ]
      : []),
  ];
}

function Result({ result }: { result: Comparison }) {
  const say = useText(reconcileTexts);
  const [filter, setFilter] = useState<string>();
  const mayDispute = useMay()('disputes:write');
  return (
    <Flex vertical gap="middle">
      <Alert
        type={result.count === 0 ? 'success' : 'warning'}
        showIcon
        role="status"
        title={result.count === 0 ? say('allSame') : say('found', { count: result.count })}
        description={result.count > MOST_LISTED ? say('listed', { count: MOST_LISTED }) : undefined}
      />
      <Descriptions
        size="small"
        items={[
          { key: 'own', label: say('ownRecords'), children: result.own },
          { key: 'billed', label: say('billedRecords'), children: result.billed },
          { key: 'same', label: say('same'), children: result.same },
        ]}
      />
      <DataTable<Difference>
        name={say('differences')}
        columns={columnsOf(say, mayDispute)}
        rows={result.differences}
        rowKey={({ kind, reference, to, field }) => `${kind} ${reference} ${to} ${field ?? ''}`}
        empty={null}
        filter={filter}
        onFilter={setFilter}
      />
    </Flex>
  );
}

function faultWords(error: RecordFault, say: Words): string {
  switch (error.why) {
    case 'no-columns':
      return say('noColumns');
    case 'no-record':
      return say('noRecord', { line: error.line });
    case 'no-json':
      return say('noJson', { line: error.line });
    case 'too-many':
      return say('tooMany', { line: error.line });
  }
}

/** Compares a file of own records with the clearing file, in the browser. */
export function ReconcilePanel({ date, network }: { date: string; network: string }) {
  const say = useText(reconcileTexts);
  const input = useId();
  const [progress, setProgress] = useState<Progress>();
  const [result, setResult] = useState<Comparison>();
  const [error, setError] = useState<unknown>();
  const compare = async (file: File) => {
    setResult(undefined);
    setError(undefined);
    if (file.size > MOST_BYTES) return setError(new Error(say('tooLarge')));
    const path = `/v1/business-days/${encodeURIComponent(date)}/files/${encodeURIComponent(network)}?format=jsonl`;
    try {
      setResult(await reconcile(file, path, setProgress));
    } catch (fault) {
      setError(fault instanceof RecordFault ? new Error(faultWords(fault, say)) : fault);
    } finally {
      setProgress(undefined);
    }
    return undefined;
  };
  return (
    <Panel title={say('title')}>
      <p>{say('teach')}</p>
      <p>
        <label htmlFor={input}>{say('file')}</label>{' '}
        <input
          id={input}
          type="file"
          accept=".csv,.jsonl,.json,.txt"
          disabled={progress !== undefined}
          onChange={({ target }) => {
            const file = target.files?.[0];
            // The same file can be chosen again after it was corrected.
            target.value = '';
            if (file) inBackground(compare(file));
          }}
        />
      </p>
      {progress && (
        <div role="status">
          {say(progress.part === 'own' ? 'readingOwn' : 'readingBilled')}
          <Bar percent={progress.percent} aria-label={say('title')} />
        </div>
      )}
      {error !== undefined && <ProblemAlert error={error} />}
      {result && <Result result={result} />}
    </Panel>
  );
}
