import { Button, Flex, Form, Input } from 'antd';
import { instantOf, localTime } from '../../format/zoned';
import { usePreferences } from '../../text/preferences';
import { useText } from '../../text/use-text';
import { filtersOf, type AuditFilters } from './filters';
import { auditTexts } from './text';

interface Fields {
  who?: string;
  action?: string;
  subject?: string;
  since?: string;
  until?: string;
}

/** Key it by the filters: then the fields follow the address. */
export function FilterForm({
  filters,
  apply,
}: {
  filters: AuditFilters;
  apply: (filters: AuditFilters) => void;
}) {
  const say = useText(auditTexts);
  const { timeZone } = usePreferences();
  const submit = ({ since, until, ...words }: Fields) =>
    apply(
      filtersOf({
        ...words,
        since: instantOf(since ?? '', timeZone),
        until: instantOf(until ?? '', timeZone),
      }),
    );
  const shown = (at: string | undefined) =>
    at && !Number.isNaN(Date.parse(at)) ? localTime(at, timeZone) : '';
  const initial: Fields = { ...filters, since: shown(filters.since), until: shown(filters.until) };
  return (
    <Form<Fields> layout="vertical" initialValues={initial} onFinish={submit} className="audit-filters">
      <Form.Item name="who" label={say('actor')}>
        <Input allowClear maxLength={200} />
      </Form.Item>
      <Form.Item name="action" label={say('action')}>
        <Input allowClear maxLength={100} placeholder="network." />
      </Form.Item>
      <Form.Item name="subject" label={say('subject')}>
        <Input allowClear maxLength={200} placeholder="network/xmpp" />
      </Form.Item>
      <Form.Item name="since" label={say('since', { zone: timeZone })}>
        <Input type="datetime-local" />
      </Form.Item>
      <Form.Item name="until" label={say('until', { zone: timeZone })}>
        <Input type="datetime-local" />
      </Form.Item>
      <Flex gap="small" align="end" className="audit-filter-buttons">
        <Button type="primary" htmlType="submit">
          {say('apply')}
        </Button>
        {Object.keys(filters).length > 0 && <Button onClick={() => apply({})}>{say('clear')}</Button>}
      </Flex>
    </Form>
  );
}
