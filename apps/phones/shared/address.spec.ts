import { partsOf } from './address.js';

it.each([
  ['im:%40bob%3Amatrix.localhost@matrix', '@bob:matrix.localhost', 'matrix'],
  ['im:13800138000@fetion', '13800138000', 'fetion'],
  ['im:%zz@line', '%zz', 'line'],
  ['native:room', 'native:room', ''],
])('%s is %s of %s', (address, native, network) => expect(partsOf(address)).toEqual({ native, network }));
