import { Button, Checkbox, Flex, Form, Input } from 'antd';
import { useEffect } from 'react';
import { usePreferences } from '../../text/preferences';
import { useText } from '../../text/use-text';
import { searchTexts } from './search/text';
import { timeOf, type SearchTerms } from './search-terms';

interface Fields {
  address?: string;
  network?: string;
  code?: string;
  failed?: boolean;
  since?: string;
  until?: string;
}

interface SearchFormProps {
  terms: SearchTerms;
  search: (terms: SearchTerms) => void;
}

const EMPTY: Record<keyof Fields, undefined> = {
  address: undefined,
  network: undefined,
  code: undefined,
  failed: undefined,
  since: undefined,
  until: undefined,
};

function fieldsOf({ failed, ...terms }: SearchTerms): Fields {
  return { ...terms, failed: failed === 'true' };
}

function termsOf({ failed, ...fields }: Fields): SearchTerms {
  const filled = Object.entries(fields).flatMap(([key, value]: [string, string | undefined]) =>
    value?.trim() ? [[key, value.trim()]] : [],
  );
  return { ...(Object.fromEntries(filled) as SearchTerms), ...(failed && { failed: 'true' }) };
}

/** Who, where, how and when. What is entered stands in the address, so the search can be shared and saved. */
export function SearchForm({ terms, search }: SearchFormProps) {
  const say = useText(searchTexts);
  const { timeZone } = usePreferences();
  const [form] = Form.useForm<Fields>();
  // The address changes without this form: by a saved view, by a link, by going back.
  const written = JSON.stringify(fieldsOf(terms));
  useEffect(() => form.setFieldsValue({ ...EMPTY, ...(JSON.parse(written) as Fields) }), [form, written]);
  const isTime = async (_rule: unknown, time: string | undefined) => {
    if (time?.trim() && timeOf(time, timeZone, new Date()) === undefined) throw new Error(say('noTime'));
  };
  const code = { pattern: /^\d{2,3}$/, message: say('noCode') };
  return (
    <Form<Fields>
      form={form}
      layout="vertical"
      initialValues={fieldsOf(terms)}
      onFinish={(fields) => search(termsOf(fields))}
      className="search-form"
    >
      <Form.Item name="address" label={say('address')}>
        <Input maxLength={1000} placeholder="im:zhang@example" allowClear />
      </Form.Item>
      <Form.Item name="network" label={say('network')}>
        <Input maxLength={40} allowClear />
      </Form.Item>
      <Form.Item name="code" label={say('code')} rules={[code]}>
        <Input maxLength={3} inputMode="numeric" allowClear />
      </Form.Item>
      <Form.Item name="since" label={say('since')} rules={[{ validator: isTime }]}>
        <Input maxLength={40} placeholder={say('timeHint')} allowClear />
      </Form.Item>
      <Form.Item name="until" label={say('until')} rules={[{ validator: isTime }]}>
        <Input maxLength={40} placeholder={say('timeHint')} allowClear />
      </Form.Item>
      <Form.Item name="failed" valuePropName="checked" className="search-failed">
        <Checkbox>{say('failed')}</Checkbox>
      </Form.Item>
      <Flex gap="small" wrap className="search-buttons">
        <Button type="primary" htmlType="submit">
          {say('search')}
        </Button>
        <Button onClick={() => search({ failed: 'true', since: '9:00' })}>{say('failedSince')}</Button>
        <Button onClick={() => search({})}>{say('clear')}</Button>
      </Flex>
    </Form>
  );
}
