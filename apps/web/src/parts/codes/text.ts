import type { TextSet } from '../../text/text-set';

/** What each result code means, in a few words, as the subscriber reads it. */
export const codeTexts = {
  '00': { zh: '已发送。', en: 'Sent.' },
  '08': {
    zh: '已暂存，对方网络恢复后送达。',
    en: 'Stored. It is delivered when the other network is available again.',
  },
  '12': { zh: '对方网络不支持此类消息。', en: 'The other network cannot show this kind of message.' },
  '14': { zh: '对方网络没有此用户。', en: 'There is no such person on the other network.' },
  '15': { zh: '该网络未接入。', en: 'That network is not connected.' },
  '25': { zh: '此消息已无法修改或撤回。', en: 'This message can no longer be changed or recalled.' },
  '30': { zh: '系统无法识别此消息的格式。', en: 'The message has a form that the exchange cannot read.' },
  '31': { zh: '无法验证发送方。', en: 'The sender could not be verified.' },
  '36': {
    zh: '您的网络暂不能互通。',
    en: 'Your network cannot exchange messages with other networks at present.',
  },
  '40': { zh: '对方不接受此消息。', en: 'The person does not accept this message.' },
  '57': {
    zh: '两网未开通此类消息。',
    en: 'Your network and the other one have no agreement for this kind of message.',
  },
  '61': { zh: '消息过大。', en: 'The message is too large.' },
  '65': { zh: '发送过于频繁，请稍候。', en: 'Too many messages in a short time. Please wait.' },
  '68': { zh: '消息已过期未送达。', en: 'The message could not be delivered in time.' },
  '71': { zh: '消息循环，已终止。', en: 'The message came back to where it had been and was stopped.' },
  '91': { zh: '对方网络暂不可达。', en: 'The other network cannot be reached.' },
  '92': { zh: '无法路由到此地址。', en: 'No network serves this address.' },
  '93': { zh: '消息无法送达。', en: 'The message cannot be delivered.' },
  '94': { zh: '已发送。', en: 'Already sent.' },
  '96': {
    zh: '系统故障，将自动重试。',
    en: 'A fault occurred in the exchange. The message is sent again automatically.',
  },
  '100': { zh: '对方网络拒绝了消息。', en: 'The other network refused the message.' },
  '101': {
    zh: '对方网络只允许在对方最近一次发言后的一段时间内回复，请等对方先发消息。',
    en: 'The other network allows messages only for a limited time after the last message of the person. Ask the person to write first.',
  },
  '102': {
    zh: '对方网络限制连续发送的消息条数，请等对方回复后再发。',
    en: 'The other network limits the number of messages without an answer. Wait until the person answers.',
  },
  '103': {
    zh: '无法确认消息是否送达；为避免重复，系统不会重发。',
    en: 'It is unknown whether the message arrived. It is not sent again, because it could arrive twice.',
  },
  '104': {
    zh: '对方不在线，消息已以短信方式发出。',
    en: 'The person is offline. The message was sent to their phone as an SMS.',
  },
  '105': {
    zh: '消息已送达，但其中的图片或文件过大，未能送达。',
    en: 'Your message arrived without its picture or file, which is too large.',
  },
  '106': {
    zh: '消息已送达，但对方网络不支持其中的图片或文件类型。',
    en: 'Your message arrived without its picture or file: the other network does not accept this type.',
  },
  '107': {
    zh: '消息已送达，但其中的图片或文件已失效，请重新发送。',
    en: 'Your message arrived without its picture or file, which is no longer available. Please send it again.',
  },
  '108': {
    zh: '消息已送达，但其中的图片或文件在传输中损坏，请重新发送。',
    en: 'Your message arrived without its picture or file, which was damaged during transfer. Please send it again.',
  },
} satisfies TextSet;

/** What the operator can do about each result code. */
export const codeRemedyTexts = {
  '00': {
    zh: '事件已存入总线，将会送达。无需处理。',
    en: 'The event is stored on the bus and will be delivered. Nothing to do.',
  },
  '08': {
    zh: '目标网络离线，由代收暂存；或收件人尚未回应其网络的邀请。之后会送达，否则以 68 结束。若该网络一直离线，请检查其适配器。',
    en: 'The destination network is offline and the stand-in stores the message, or the recipient has not answered the invitation of their network. It is delivered later or ends with 68. If the network stays offline, check its adapter.',
  },
  '12': {
    zh: '目标网络声明拒绝此功能（级别 -2）或没有对应形式。请查看目标网络的能力，不要重发。',
    en: 'The destination declares this feature as rejected (level -2) or has no form for it. Look at the capabilities of the destination network; do not resend.',
  },
  '14': {
    zh: '目标网络不认识收件人。请对照该网络的写法检查地址。',
    en: 'The destination network does not know the recipient. Compare the address with the spelling of that network.',
  },
  '15': {
    zh: '没有使用此标识的成员网络，或该网络已退出。请在网络列表中核对标识。',
    en: 'No member network has this slug, or the network has left. Check the slug in the list of networks.',
  },
  '25': {
    zh: '目标网络不认识所指消息、消息已超过该网络允许的时限，或作者不同。收件人处的消息保持不变。',
    en: 'The destination does not know the target message, it is older than the network allows, or it has another author. The message stays as it is at the recipient.',
  },
  '30': {
    zh: '事件不符合其结构，或其会话、分区与地址不符。原文在死信中：请阅读原因，更正发送它的适配器，然后重放或丢弃。',
    en: 'The event does not match its schema, or its conversation or partition does not fit its addresses. The original is a dead letter: read its reason, correct the adapter that sent it, then replay or discard it.',
  },
  '31': {
    zh: '网络使用了不属于它的地址或无效凭证。事件在死信中。请检查来源网络的适配器；若其正常，应按攻击处理。',
    en: 'A network used an address that is not its own, or invalid credentials. The event is a dead letter. Check the adapter of the source network; if it is correct, treat this as an attack.',
  },
  '36': {
    zh: '来源网络未上线（未接纳、已暂停或已退出），或目标网络拒绝适配器的账号。请先检查来源网络的状态，再检查账号。',
    en: 'The source network is not live (not admitted, suspended, or left), or the destination network refuses the account of the adapter. Check the state of the source network, then the account.',
  },
  '40': {
    zh: '收件人或其网络屏蔽了发件人，或缺少同意。此代码也可能掩盖收件人不存在。请检查屏蔽地址和收件人的同意。',
    en: 'The recipient or their network blocks the sender, or consent is missing. This code can also hide an unknown recipient. Check blocked addresses and the consent of the recipient.',
  },
  '57': {
    zh: '两网之间没有覆盖此类消息的协议，或某个适配器未通过相应认证；详情指明是哪一方、缺什么。请提议协议，或认证适配器（docs/certification.md）。',
    en: 'No agreement between the two networks covers this class of traffic, or one of the adapters is not certified for it; the detail says which side, and for what. Propose an agreement, or certify the adapter (docs/certification.md).',
  },
  '61': {
    zh: '事件超过总线或目标网络的大小限制。发件人须减少内容，不要重发。',
    en: 'The event is larger than the limit of the bus or of the destination. The sender must send less; do not resend.',
  },
  '65': {
    zh: '协议、交换机或目标网络的速率限制已用尽。事件稍后会再发。若经常发生，请在协议中提议更高的限制。',
    en: 'A rate limit of the agreement, the switch or the destination network is used up. The event is sent again later. If this happens often, propose a higher limit in the agreement.',
  },
  '68': {
    zh: '目标网络接收之前消息已过期。请检查该网络离线多久，以及它的代收时长。',
    en: 'The message expired before the destination network could take it. Check how long that network was offline and its stand-in hours.',
  },
  '71': {
    zh: '事件已到过此网络，或路径超过跳数限制。请查找两网之间的另一座桥。',
    en: 'The event was already in this network, or its path is longer than the hop limit. Look for a second bridge between the two networks.',
  },
  '91': {
    zh: '目标网络不可达，也没有代收为其存储消息。请检查其适配器及其与总线的连接。',
    en: 'The destination network cannot be reached and no stand-in stores its messages. Check its adapter and the connection to the bus.',
  },
  '92': {
    zh: '没有网络服务此号码或域名。请检查地址，或提议一条路由。',
    en: 'No network serves this number or domain. Check the address, or propose a route.',
  },
  '93': {
    zh: '发件人或收件人因法律原因被屏蔽。请询问交换中心管理员。',
    en: 'The sender or the recipient is blocked for legal reasons. Ask an admin of the exchange.',
  },
  '94': {
    zh: '事件先前已收到，以第一次的结果为准。若某网络重复其全部事件，请检查其适配器是否确认接收。',
    en: 'The event was received before, and the result of the first one stands. If a network repeats all its events, check whether its adapter acknowledges them.',
  },
  '96': {
    zh: '交换机或适配器发生故障，事件会再发。请查阅该组件在事件发生时的日志。',
    en: 'The switch or an adapter failed, and the event is sent again. Read the log of the component at the time of the event.',
  },
  '100': {
    zh: '目标网络因没有专用代码的原因拒绝了消息。详情是该网络的原话。',
    en: 'The destination network refused the message for a reason that has no code of its own. The detail contains the words of that network.',
  },
  '101': {
    zh: '目标网络的回复窗口已关闭（通常为收件人最后一条消息后 48 小时）。收件人再次发言后重新开放。',
    en: 'The reply window of the destination network is closed (often 48 hours after the last message of the recipient). It opens again when the recipient writes.',
  },
  '102': {
    zh: '收件人回复之前，目标网络不再允许发送。条数见该网络的 README。',
    en: 'The destination network allows no more messages until the recipient writes. Its README states the number.',
  },
  '103': {
    zh: '目标网络没有应答，且无法识别重复消息。为避免重复送达，不再重发。请询问收件人，并检查与该网络的连接。',
    en: 'The destination network did not answer, and it cannot recognise a repeated message. The message is not sent again because it could arrive twice. Ask the recipient; check the connection to that network.',
  },
  '104': {
    zh: '收件人离线，目标网络已以短信发出。无需处理。',
    en: 'The destination network sent the message as an SMS because the recipient is offline. Nothing to do.',
  },
  '105': {
    zh: '附件超过枢纽（`MEDIA_MAX_MB`）或目标网络的大小限制。消息其余部分已送达。',
    en: 'The attachment is larger than the limit of the hub (`MEDIA_MAX_MB`) or of the destination. The rest of the message was delivered.',
  },
  '106': {
    zh: '目标网络不接受此类附件，枢纽也无法转换。消息其余部分已送达。',
    en: 'The destination network does not accept attachments of this type, and the hub cannot convert this one. The rest of the message was delivered.',
  },
  '107': {
    zh: '来源网络已没有该附件、附件在媒体存储中已过期（`MEDIA_HOURS`），或枢纽不得从其主机读取（`MEDIA_HOSTS`）。消息其余部分已送达。',
    en: 'The source network no longer has the attachment, it expired in the media store (`MEDIA_HOURS`), or the hub may not fetch it from its host (`MEDIA_HOSTS`). The rest of the message was delivered.',
  },
  '108': {
    zh: '附件内容与其 SHA-256 不符。消息其余部分已送达。若经常发生，请检查媒体存储和来源适配器。',
    en: 'The content of the attachment does not match its SHA-256. The rest of the message was delivered. If this happens often, check the media store and the source adapter.',
  },
} satisfies TextSet;
