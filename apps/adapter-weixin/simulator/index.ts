export { CHANNEL, personIdOf } from './ids.js';
export type { WeixinPerson } from './weixin-person.js';
export { WeixinSimulator, type WeixinOptions } from './weixin-simulator.js';
