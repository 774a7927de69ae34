/** The cases of the suite in both languages, with the English of libs/certification. Not for `useText`: `<network>` is no tag here. */
import type { TextSet } from '../../../text/text-set';

export const caseTitles = {
  'signed-on': { zh: '适配器已登入', en: 'The adapter is signed on' },
  heartbeat: { zh: '心跳', en: 'Heartbeats' },
  resolve: { zh: '查询用户', en: 'Looking up people' },
  text: { zh: '一条文本及其回答', en: 'A text and its answer' },
  once: { zh: '同一事件两次', en: 'The same event twice' },
  order: { zh: '二十条按序', en: 'Twenty in order' },
  'acknowledged-last': { zh: '先上报后确认', en: 'Acknowledged after the outcome' },
  'unknown-person': { zh: '收件人不存在', en: 'An unknown recipient' },
  expired: { zh: '过期消息', en: 'An expired message' },
  'foreign-conversation': { zh: '他人的会话', en: 'A conversation of others' },
  'long-text': { zh: '长文本', en: 'A long text' },
  poison: { zh: '无效事件', en: 'Invalid events' },
  'odd-people': { zh: '编号特殊的用户', en: 'People with unusual ids' },
  'odd-ids': { zh: '特殊的事件编号', en: 'Unusual event ids' },
  'connection-cut': { zh: '连接中断', en: 'The connection is cut' },
  'taken-over': { zh: '重新开始投递', en: 'Deliveries start again' },
  restart: { zh: '被杀死后重启', en: 'Killed and started again' },
  'two-instances': { zh: '两个实例', en: 'Two instances' },
  edit: { zh: '编辑', en: 'An edit' },
  recall: { zh: '撤回', en: 'A recall' },
  authorship: { zh: '由他人撤回', en: 'Recall by another author' },
  reaction: { zh: '表情回应', en: 'A reaction' },
  reply: { zh: '回复', en: 'A reply' },
  receipts: { zh: '回执', en: 'Receipts' },
  'invented-receipts': { zh: '不捏造回执', en: 'No receipt that nobody gave' },
  typing: { zh: '正在输入', en: 'Typing' },
  media: { zh: '图片', en: 'A picture' },
  group: { zh: '群组', en: 'A group' },
  call: { zh: '主叫放弃的通话', en: 'A call that is given up' },
} satisfies TextSet;

/** What the author of an adapter that fails the case does about it. */
export const caseRemedies = {
  'signed-on': {
    zh: '反复发送登入请求，直到得到应答；格式须符合模式，并在 `nativeConnected` 中说明能否连上本网络。',
    en: 'Send the sign-on again and again until it is answered, in the form of the schema, and say in `nativeConnected` whether the native network can be reached.',
  },
  heartbeat: {
    zh: '每两秒把登入请求的内容发送到 `hub.control.heartbeat.<network>`。',
    en: 'Send the body of the sign-on to `hub.control.heartbeat.<network>` every two seconds.',
  },
  resolve: {
    zh: '订阅 `hub.ask.resolve.<network>`，在每个请求的应答主题上作答。',
    en: 'Subscribe to `hub.ask.resolve.<network>` and answer every request on its reply subject.',
  },
  text: {
    zh: '回答须在两个地址的会话中、在其分区上、以写信人的地址发出；保持文本原样；在结果中写明本网络的消息编号。',
    en: 'Answer with the conversation of the two addresses, on its partition, from the address of the person who wrote; keep the text as it is; name the native ids in the outcome.',
  },
  once: {
    zh: '记录已投递的事件编号；再次收到时只上报，不再显示。',
    en: 'Store which ids you have delivered, and report an event that comes again without showing it again.',
  },
  order: {
    zh: '同一会话每次只投递一个事件；本网络的消息按网络给出的顺序接收。',
    en: 'Deliver one event of a conversation at a time, and take native messages of a conversation in the order in which the network gave them.',
  },
  'acknowledged-last': {
    zh: '先投递事件，再发布结果，等流存好结果之后再确认事件。',
    en: 'Deliver the event, publish its outcome, wait until the stream has stored the outcome, and then acknowledge the event.',
  },
  'unknown-person': {
    zh: '只在本网络作答之后上报结果。把“收件人不存在”译为 14，每个会话用自己的队列处理。',
    en: 'Report an outcome only when the native network has answered. Translate its answer for an unknown recipient to 14, and process each conversation in a queue of its own.',
  },
  expired: {
    zh: '投递前把 `expirytime` 与时钟比较，已过期则上报 68。',
    en: 'Compare `expirytime` with the clock before you deliver, and report 68 if it has passed.',
  },
  'foreign-conversation': {
    zh: '投递前检查 `data.to` 的网络是否为本网络，`subject` 是否为 `data.from` 与 `data.to` 的会话；否则上报 30。',
    en: 'Before you deliver, check that the network of `data.to` is yours, and that `subject` is the conversation of `data.from` and `data.to`. Report 30 otherwise.',
  },
  'long-text': {
    zh: '在声明的上限处拆分文本，或上报 61。',
    en: 'Split the text at the limit that you declare, or report 61.',
  },
  poison: {
    zh: '把无法解析的内容连同其流内序号和 base64 字节发布到 `hub.dead.<network>`，然后确认它并继续。',
    en: 'Publish what you cannot parse to `hub.dead.<network>`, with its number in the stream and its bytes in base64, then acknowledge it and go on.',
  },
  'odd-people': {
    zh: '地址的本地部分须保持原样：只解码一次（百分号编码、UTF-8），只编码一次，不折叠对方网络未声明的任何字符。本网络容不下的编号，须可逆地映射。',
    en: 'Keep the local part of an address exactly as it is: decode it once (percent-encoding, UTF-8), encode it once, and fold nothing that the other network has not declared. Where your network cannot hold such an id, map it reversibly.',
  },
  'odd-ids': {
    zh: '接受由 A-Z a-z 0-9 _ - 组成、8 至 64 个字符的任何编号，不作改动。逐字比较；本网络或存储允许的字符较少时，先编码。',
    en: 'Take every id of 8 to 64 characters of A-Z a-z 0-9 _ - as it is. Compare ids exactly, and encode them where your network or your store allows fewer characters.',
  },
  'connection-cut': {
    zh: '立即重连。凡流未确认的发布，按先后以同一 Nats-Msg-Id 重发；本网络的消息，须待流确认其事件之后再确认。',
    en: 'Connect again at once. Send every publication that the stream has not acknowledged again, oldest first, under the same Nats-Msg-Id; acknowledge a native message only after the stream has acknowledged its event.',
  },
  'taken-over': {
    zh: '投递序号不连续时，重置消费者，丢弃等待中的内容，从序号 1 的投递开始。按事件编号查出已投递的内容，只再上报，不再显示。',
    en: 'When the delivery numbers do not follow on from one another, reset the consumer, forget what waits, and start with the delivery numbered 1. Find what was delivered before by the id of the event, and report it again instead of showing it again.',
  },
  restart: {
    zh: '确认任何内容之前，先把事件存到进程之外：结果存好之后再向总线确认，流存好事件之后再向本网络确认。利用本网络的幂等性，或在发送前存一个标记。',
    en: 'Store an event where it survives the process before you acknowledge anything: acknowledge on the bus after the outcome is stored, and to the native network after the stream has stored the event. Use the idempotency of the native network, or store a mark before you send.',
  },
  'two-instances': {
    zh: '只有消费者的持有者发送。事件编号由本网络的消息编号推出，使看到同一消息的两个实例发布同一事件。一个实例投递过的内容，另一个必须知道。',
    en: 'Only the owner of the consumer sends. Derive the id of an event from the native id, so that two instances that see the same native message publish the same event. What one instance has delivered must be known to the other.',
  },
  edit: {
    zh: '找到 `replaces` 所指消息在本网络的各条消息，替换其文本，并把以文字显示的内容写入结果的 `degradations`。',
    en: 'Find the native messages of the message that `replaces` names, replace their text, and put into the outcome’s `degradations` what you showed as words.',
  },
  recall: {
    zh: '撤回 `replaces` 所指消息在本网络的每一条消息；正文为空即为撤回。',
    en: 'Recall every native message of the message that `replaces` names; an empty body is a recall.',
  },
  authorship: {
    zh: '把 `replaces` 所指消息的作者与发送者比较，不同则上报 25。',
    en: 'Compare the author of the message that `replaces` names with the sender, and report 25 if they differ.',
  },
  reaction: {
    zh: '找到 `inReplyTo` 所指的消息，包括由本网络用户所写的。',
    en: 'Find the message that `inReplyTo` names, also if one of your own people wrote it.',
  },
  reply: {
    zh: '找到 `inReplyTo` 所指的消息，包括由本网络用户所写的；无论如何都要投递文本。',
    en: 'Find the message that `inReplyTo` names, also if one of your own people wrote it; deliver the text in any case.',
  },
  receipts: {
    zh: '在结果的 `requestDelivered` 中说明 `requestStatus` 是否要求“已送达”回执；接受回执，不发布其结果。',
    en: 'Say in the outcome’s `requestDelivered` whether `requestStatus` requests “delivered”, and accept receipts without an outcome.',
  },
  'invented-receipts': {
    zh: '仅在本网络报告之后发布回执，并且只针对其所指的消息与用户。',
    en: 'Publish a receipt only when the native network has reported it, for the message and the person that it named.',
  },
  typing: {
    zh: '忽略本网络无法显示的瞬时事件。',
    en: 'Ignore ephemeral events that your network cannot show.',
  },
  media: {
    zh: '用事件中的 `url` 与 `grant` 请求附件的各块，以块号为随机数逐块解密，并比较 SHA-256。',
    en: 'Request the blocks of the attachment with the `url` and `grant` of the event, decrypt each with its number as nonce, and compare the SHA-256.',
  },
  group: {
    zh: '接受所声明的群组事件，或不声明群组。',
    en: 'Accept group events that you declare, or declare no groups.',
  },
  call: {
    zh: '把邀请显示为通话或文字，取消时停止响铃；或声明拒绝通话。',
    en: 'Show the invitation as a call or in words, and stop ringing when it is cancelled, or declare that calls are rejected.',
  },
} satisfies TextSet;
