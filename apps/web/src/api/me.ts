import { useQuery } from '@tanstack/react-query';
import type { Permission } from './contract';
import { meQuery } from './session';

/** Whether the person may do something: what they may not do is not shown. */
export function useMay(): (permission: Permission) => boolean {
  const { data } = useQuery(meQuery);
  return (permission) => data?.permissions.includes(permission) ?? false;
}
