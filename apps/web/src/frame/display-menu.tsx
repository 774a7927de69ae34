import { useMutation } from '@tanstack/react-query';
import { Button, Divider, Flex, Popover, Segmented, Select } from 'antd';
import type { Me } from '../api/contract';
import { signOut } from '../api/session';
import { guideIndexPage } from '../format/anchor';
import { browserZone, EXCHANGE_ZONE, usePreferences, type Colours } from '../text/preferences';
import type { Language } from '../text/text-set';
import { useText } from '../text/use-text';
import { Icon } from '../parts/icon';
import { ProblemAlert } from '../parts/problem-alert';
import { frameTexts } from './text';

/** Language, colours and time zone; also on the page for signing in. */
export function DisplaySettings() {
  const say = useText(frameTexts);
  const { language, timeZone, colours, change } = usePreferences();
  const zones = [...new Set([EXCHANGE_ZONE, browserZone(), 'UTC', timeZone])];
  return (
    <Flex vertical gap="small" className="display-settings">
      <Segmented<Language>
        block
        aria-label={say('language')}
        options={[
          { label: '中文', value: 'zh' },
          { label: 'English', value: 'en' },
        ]}
        value={language}
        onChange={(next) => change({ language: next })}
      />
      <Segmented<Colours>
        block
        aria-label={say('colours')}
        options={(['system', 'light', 'dark'] as const).map((value) => ({ label: say(value), value }))}
        value={colours}
        onChange={(next) => change({ colours: next })}
      />
      <Select
        aria-label={say('zone')}
        value={timeZone}
        options={zones.map((zone) => ({ label: zone, value: zone }))}
        onChange={(next) => change({ timeZone: next })}
      />
    </Flex>
  );
}

export function AccountMenu({ me }: { me: Me }) {
  const say = useText(frameTexts);
  const { language } = usePreferences();
  // The new page starts with empty memory: nothing that this person read stays in the browser.
  const leave = useMutation({ mutationFn: signOut, onSuccess: () => location.reload() });
  const content = (
    <div className="account">
      <strong className="hostile">{me.person.name}</strong>
      <div className="quiet">
        {me.roles.map((role) => say(role)).join(' · ')}
        {me.network ? ` · ${me.network}` : ''}
      </div>
      <Divider size="small" />
      <DisplaySettings />
      <Divider size="small" />
      <a href={guideIndexPage(language)} target="_blank" rel="noreferrer">
        {say('guide')}
      </a>
      <Divider size="small" />
      <Flex justify="space-between" align="center">
        <span className="quiet">{say('version', { version: me.version })}</span>
        <Button loading={leave.isPending} onClick={() => leave.mutate()}>
          {say('signOut')}
        </Button>
      </Flex>
      {leave.error && <ProblemAlert error={leave.error} />}
    </div>
  );
  return (
    <Popover content={content} trigger="click" placement="bottomRight">
      <Button type="text" aria-label={say('account')} className="account-button">
        <Icon name="people" />
        <span className="hostile account-name">{me.person.name}</span>
      </Button>
    </Popover>
  );
}
