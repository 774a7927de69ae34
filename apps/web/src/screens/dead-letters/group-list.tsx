import { Button, Flex, Tag } from 'antd';
import { ResultCode, useCodeRemedy } from '../../parts/codes/result-code';
import { Moment } from '../../parts/moment';
import { Panel } from '../../parts/screen';
import { useText } from '../../text/use-text';
import type { Bulk } from './bulk-dialog';
import type { Group } from './groups';
import { letterTexts } from './text';

interface GroupListProps {
  groups: Group[];
  mayChange: boolean;
  ask: (bulk: Bulk) => void;
}

export function GroupList({ groups, mayChange, ask }: GroupListProps) {
  const say = useText(letterTexts);
  const remedy = useCodeRemedy();
  return (
    <Flex vertical gap="middle">
      {groups.map((group) => {
        const ids = group.letters.map(({ id }) => String(id));
        return (
          <Panel key={group.key}>
            <Flex justify="space-between" gap="small" wrap>
              <div className="grow">
                <Flex gap="small" wrap align="baseline">
                  <strong>{say('count', { count: ids.length })}</strong>
                  <ResultCode code={group.reason} />
                  {group.networks.map((network) => (
                    <Tag key={network}>{network}</Tag>
                  ))}
                  <span className="quiet">
                    {say('newest')} <Moment at={group.newest} only="relative" />
                  </span>
                </Flex>
                <p className="hostile">{group.detail}</p>
                <p className="quiet">{remedy(group.reason)}</p>
              </div>
              {mayChange && (
                <Flex gap="small">
                  <Button onClick={() => ask({ action: 'replay', ids })}>{say('replayAll')}</Button>
                  <Button danger onClick={() => ask({ action: 'discard', ids })}>
                    {say('discardAll')}
                  </Button>
                </Flex>
              )}
            </Flex>
          </Panel>
        );
      })}
    </Flex>
  );
}
