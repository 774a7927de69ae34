export { ACCOUNT_UID, uidOf } from './ids.js';
export type { Form, Told } from './callback-forms.js';
export type { WeiboPerson } from './weibo-person.js';
export { WeiboSimulator, type WeiboOptions } from './weibo-simulator.js';
