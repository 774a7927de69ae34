import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { answer, api } from '../../api/client';
import { useMay } from '../../api/me';
import { Loaded, Panel } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { networkTexts } from './text';

const StandInDialog = lazy(() => import('./stand-in-dialog'));

/** With its version, so that nobody overwrites what somebody else has just changed. */
async function readStandIn(network: string) {
  const request = api.GET('/v1/networks/{network}/stand-in', { params: { path: { network } } });
  const policy = await answer(request);
  return { policy, etag: (await request).response.headers.get('etag') ?? '' };
}

export function StandInPolicy({ slug }: { slug: string }) {
  const say = useText(networkTexts);
  const may = useMay();
  const queries = useQueryClient();
  const [changing, setChanging] = useState(false);
  const queryKey = ['stand-in', slug];
  const query = useQuery({ queryKey, queryFn: () => readStandIn(slug) });
  return (
    <Panel
      title={say('standIn')}
      actions={
        may('stand-in:write') &&
        query.data && <Button onClick={() => setChanging(true)}>{say('changeStandIn')}</Button>
      }
    >
      <Loaded query={query}>
        {({ policy: { hours, messages, classes } }) => (
          <>
            <p>{hours === 0 ? say('standInOff') : say('standInIs', { hours, messages })}</p>
            {hours > 0 && (
              <p>
                {say('standInClasses')}{' '}
                {classes ? classes.map((name) => <Tag key={name}>{name}</Tag>) : say('allClasses')}
              </p>
            )}
          </>
        )}
      </Loaded>
      <Suspense fallback={null}>
        {changing && query.data && (
          <StandInDialog
            network={slug}
            {...query.data}
            changed={() => queries.invalidateQueries({ queryKey })}
            close={() => setChanging(false)}
          />
        )}
      </Suspense>
    </Panel>
  );
}
