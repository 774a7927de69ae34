import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { api, versioned } from '../../api/client';
import { useMay } from '../../api/me';
import { Loaded, Panel } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { LADDER_WORD } from './ladder';
import { networkTexts } from './text';
import { useClassWord } from '../../parts/terms/traffic';

const StandInDialog = lazy(() => import('./stand-in-dialog'));

export function StandInPolicy({ slug }: { slug: string }) {
  const say = useText(networkTexts);
  const classWord = useClassWord();
  const may = useMay();
  const queries = useQueryClient();
  const [changing, setChanging] = useState(false);
  const queryKey = ['stand-in', slug];
  const query = useQuery({
    queryKey,
    queryFn: () =>
      versioned(api.GET('/v1/networks/{network}/stand-in', { params: { path: { network: slug } } })),
  });
  return (
    <Panel
      title={say('standIn')}
      actions={
        may('stand-in:write') &&
        query.data && <Button onClick={() => setChanging(true)}>{say('changeStandIn')}</Button>
      }
    >
      <Loaded query={query}>
        {({ value: { hours, messages, classes, closedWindow, ladder } }) => (
          <>
            <p>{hours === 0 ? say('standInOff') : say('standInIs', { hours, messages })}</p>
            {hours > 0 && (
              <p>
                {say('standInClasses')}:{' '}
                {classes ? classes.map((name) => <Tag key={name}>{classWord(name)}</Tag>) : say('allClasses')}
              </p>
            )}
            {closedWindow === 'when-window-opens' && <p>{say('windowWaits')}</p>}
            {ladder !== undefined && ladder.length > 0 && (
              <p>{say('ladderIs', { steps: ladder.map((step) => say(LADDER_WORD[step])).join(' → ') })}</p>
            )}
          </>
        )}
      </Loaded>
      <Suspense fallback={null}>
        {changing && query.data && (
          <StandInDialog
            network={slug}
            version={query.data}
            changed={() => queries.invalidateQueries({ queryKey })}
            close={() => setChanging(false)}
          />
        )}
      </Suspense>
    </Panel>
  );
}
