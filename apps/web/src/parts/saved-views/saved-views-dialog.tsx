import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation, useSearch } from '@tanstack/react-router';
import { Button, Flex, Form, Input, Modal } from 'antd';
import { answer, api } from '../../api/client';
import type { Schemas } from '../../api/contract';
import { useText } from '../../text/use-text';
import { ProblemAlert } from '../problem-alert';
import { Loaded } from '../screen';
import './saved-views.css';
import { viewTexts } from './text';

type View = Schemas['SavedView'];

/** The page and its filters, as the address has them. */
function useHere(): Pick<View, 'path' | 'search'> {
  const { pathname } = useLocation();
  const search: Record<string, string | undefined> = useSearch({ strict: false });
  const filters = Object.entries(search).flatMap(([key, value]) => (value ? [[key, value] as const] : []));
  return { path: pathname, search: Object.fromEntries(filters) };
}

function ViewLine({ view, open, remove }: { view: View; open: () => void; remove: () => void }) {
  const say = useText(viewTexts);
  const filters = Object.entries(view.search).map(([key, value]) => `${key}: ${value}`);
  return (
    <li className="saved-view">
      <div className="grow">
        <Link to={view.path} search={view.search} onClick={open} className="hostile">
          {view.name}
        </Link>
        <div className="quiet hostile">{filters.join(' · ') || say('everything')}</div>
      </div>
      <Button size="small" danger aria-label={say('removeNamed', { name: view.name })} onClick={remove}>
        {say('remove')}
      </Button>
    </li>
  );
}

export default function SavedViewsDialog({ close }: { close: () => void }) {
  const say = useText(viewTexts);
  const here = useHere();
  const queries = useQueryClient();
  const [form] = Form.useForm<{ name: string }>();
  const query = useQuery({ queryKey: ['views'], queryFn: () => answer(api.GET('/v1/me/views')) });
  const renewed = () => queries.invalidateQueries({ queryKey: ['views'] });
  const save = useMutation({
    mutationFn: (name: string) => answer(api.POST('/v1/me/views', { body: { ...here, name } })),
    onSuccess: () => {
      form.resetFields();
      return renewed();
    },
  });
  const remove = useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/v1/me/views/{id}', { params: { path: { id } } })),
    onSettled: renewed,
  });
  const error: unknown = save.error ?? remove.error;
  return (
    <Modal open title={say('title')} footer={null} onCancel={close}>
      <Loaded query={query}>
        {({ items }) => {
          const own = items.filter(({ path }) => path === here.path);
          if (own.length === 0) return <p className="quiet">{say('none')}</p>;
          return (
            <ul className="saved-views">
              {own.map((view) => (
                <ViewLine key={view.id} view={view} open={close} remove={() => remove.mutate(view.id)} />
              ))}
            </ul>
          );
        }}
      </Loaded>
      <Form form={form} layout="vertical" onFinish={({ name }) => save.mutate(name.trim())}>
        <Flex gap="small" align="end">
          <Form.Item
            name="name"
            label={say('name')}
            className="grow"
            rules={[{ required: true, whitespace: true, message: say('nameMissing') }]}
          >
            <Input maxLength={60} autoFocus />
          </Form.Item>
          <Form.Item>
            <Button type="primary" htmlType="submit" loading={save.isPending}>
              {say('save')}
            </Button>
          </Form.Item>
        </Flex>
      </Form>
      {error !== null && error !== undefined && <ProblemAlert error={error} />}
    </Modal>
  );
}
