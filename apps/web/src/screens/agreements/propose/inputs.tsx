/** Inputs that several proposals have. */
import { useQuery } from '@tanstack/react-query';
import { Form, Input, Select } from 'antd';
import { networksQuery } from '../../../api/lists';
import { usePreferences } from '../../../text/preferences';
import { useText } from '../../../text/use-text';
import type { FieldPath } from './faults';
import { proposeTexts } from './text';

interface FieldProps {
  name: string | FieldPath;
  label: string;
}

interface NetworkInputProps extends FieldProps {
  /** `*` can be chosen as well. */
  any?: boolean;
  disabled?: boolean;
}

export function NetworkInput({ name, label, any = false, disabled = false }: NetworkInputProps) {
  const say = useText(proposeTexts);
  const { data } = useQuery(networksQuery);
  const options = (data?.rows ?? [])
    .filter(({ status }) => status !== 'gone')
    .map(({ network }) => ({ value: network, label: network }));
  return (
    <Form.Item name={name} label={label} rules={[{ required: true, message: say('needed') }]}>
      <Select
        showSearch
        disabled={disabled}
        options={any ? [{ value: '*', label: say('anyNetwork') }, ...options] : options}
      />
    </Form.Item>
  );
}

/** A time as the clocks of the person's zone show it. */
export function TimeInput({ name, label, required = false }: FieldProps & { required?: boolean }) {
  const say = useText(proposeTexts);
  const { timeZone } = usePreferences();
  return (
    <Form.Item
      name={name}
      label={label}
      extra={say('zone', { zone: timeZone })}
      rules={required ? [{ required: true, message: say('needed') }] : []}
    >
      <Input type="datetime-local" max="2199-12-31T23:59" />
    </Form.Item>
  );
}
