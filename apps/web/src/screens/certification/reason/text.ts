/**
 * Why a case failed or was skipped, with the English of libs/certification. What the certifier puts in, such as ids and codes, stands
 * in braces; it can be a sentence of this table itself.
 */
export const reasonTexts = {
  notSignedOn: { zh: '适配器未登入', en: 'the adapter is not signed on' },
  noAdapter: { zh: '没有适配器登入', en: 'no adapter is signed on' },
  notDeclared: { zh: '适配器未声明 {feature}', en: 'the adapter does not declare {feature}' },
  noRestart: {
    zh: '没有人提供杀死并重启适配器：用 --restart 认证',
    en: 'nobody offered to kill the adapter and start it again: certify with --restart',
  },
  noSecondInstance: {
    zh: '没有人提供启动第二个实例：用 --second-instance 认证',
    en: 'nobody offered to start a second instance: certify with --second-instance',
  },
  signedOff: { zh: '适配器已登出，或不再发送心跳', en: 'the adapter signed off, or sends no heartbeats' },
  changed: {
    zh: '适配器在认证期间更换了构建或能力',
    en: 'the adapter changed its build or capabilities during the run',
  },
  notDone: { zh: '{seconds} 秒内未完成', en: 'not done within {seconds} s' },
  cancelled: { zh: '认证已取消', en: 'the run was cancelled' },
  busEnded: { zh: '与总线的连接已断开', en: 'the connection to the bus ended' },
  notArrived: { zh: '{what}未在 {seconds} 秒内到达', en: '{what} did not arrive within {seconds} s' },
  outcomeOf: { zh: '{id} 的结果', en: 'the outcome of {id}' },
  answerTo: { zh: '回送账号对 {token} 的回答', en: "the loopback's answer to {token}" },
  condition: { zh: '所等的状态', en: 'the condition' },
  signOn: { zh: '登入', en: 'a sign-on' },
  otherSignOn: { zh: '另一名称的实例的登入', en: 'a sign-on of an instance with another name' },
  twoHeartbeats: { zh: '两个实例的心跳', en: 'heartbeats of two instances' },
  heartbeat: { zh: '心跳', en: 'a heartbeat' },
  itsDeadLetter: { zh: '它的死信', en: 'its dead letter' },
  answerFrom: { zh: '回答来自 {address}，而非 {to}', en: 'the answer came from {address}, not from {to}' },
  answerWent: { zh: '回答发往 {address}，而非 {to}', en: 'the answer went to {address}, not to {to}' },
  answerConversation: {
    zh: '回答属于会话 {subject}，不是这两人的会话',
    en: 'the answer is of conversation {subject}, not of that of the two',
  },
  notDelivered: {
    zh: '应为 delivered 与 00，上报的是 {stage} 与 {code}',
    en: 'expected delivered with 00, reported was {stage} with {code}',
  },
  notRefused: {
    zh: '应为 failed 与 {codes}，上报的是 {stage} 与 {code}',
    en: 'expected failed with {codes}, reported was {stage} with {code}',
  },
  notAcknowledged: {
    zh: '{stream} 的第 {number} 条未在总线上确认',
    en: 'number {number} of {stream} was not acknowledged on the bus',
  },
  noConnection: { zh: '适配器没有与总线的连接', en: 'the adapter has no connection to the bus' },
  notKilled: {
    zh: '文本在途时适配器未被杀死：此前已发送 {count} 条',
    en: 'the adapter was not killed while texts were under way: {count} texts were sent before',
  },
  stopped: {
    zh: '适配器已登出：它被正常停止而非杀死（请发送 SIGKILL）',
    en: 'the adapter signed off: it was stopped, not killed (send SIGKILL)',
  },
  oneOfTwo: {
    zh: '两个实例中只有 {instance} 发送心跳',
    en: 'of two instances, only {instance} sends heartbeats',
  },
  noHeartbeat: { zh: '{seconds} 秒内没有心跳', en: 'no heartbeat within {seconds} s' },
  noNative: {
    zh: '适配器报告未连上其本网络',
    en: 'the adapter reports that it has no connection to its native network',
  },
  noText: { zh: '适配器声明不显示文本', en: 'the adapter declares that text is not shown' },
  loopbackAnswered: { zh: '对回送账号它回答 {code}', en: 'for the loopback it answered {code}' },
  otherAddress: {
    zh: '它返回的地址与所查的不同',
    en: 'it returned another address than the requested one',
  },
  strangerAnswered: {
    zh: '对不存在的 {address} 它回答 {code}',
    en: 'for {address}, who does not exist, it answered {code}',
  },
  noNativeId: {
    zh: '结果没有写明本网络的消息编号，之后的事件无法引用此消息',
    en: 'the outcome names no native id, so that later events cannot refer to the message',
  },
  otherText: { zh: '回答的文本不同：{text}', en: 'the answer has another text: {text}' },
  answeredTwice: {
    zh: '回答多次到达，编号不同',
    en: 'the answer arrived more than once, with different ids',
  },
  badSchema: { zh: '不符合模式：{faults}', en: 'does not match the schema: {faults}' },
  noAnswer: { zh: '没有回答', en: 'there was no answer' },
  shownTimes: { zh: '显示了 {count} 次', en: 'it was shown {count} times' },
  earlyAcknowledged: {
    zh: '在结果之前已在总线上确认：第 {numbers} 条',
    en: 'acknowledged on the bus before their outcomes: number {numbers}',
  },
  refusedWith: { zh: '以 {code} 拒绝，而非 61', en: 'refused with {code}, not with 61' },
  missingWords: {
    zh: '回答中缺少 {all} 个词中的 {count} 个',
    en: '{count} of {all} words are missing in the answers',
  },
  noDegradation: {
    zh: '{feature} 以文字显示，但结果没有写明降级',
    en: '{feature} is shown as text, and the outcome has no degradation',
  },
  declaredAs: {
    zh: '{feature} 声明为 {level}，却以文字显示',
    en: '{feature} is declared as {level}, but was shown as text',
  },
  noRequest: {
    zh: '结果没有写明要求了“已送达”回执（`requestDelivered`）',
    en: 'the outcome does not say that a “delivered” receipt was requested (`requestDelivered`)',
  },
  receiptUnknown: { zh: '回执指向没有人发送的 {id}', en: 'a receipt names {id}, which nobody sent' },
  receiptFrom: {
    zh: '发往 {to} 的消息的回执来自 {from}',
    en: 'a receipt for a message to {to} came from {from}',
  },
  receiptFailed: {
    zh: '回执指向已以 {code} 失败的 {id}',
    en: 'a receipt names {id}, which failed with {code}',
  },
  eventFailed: { zh: '事件以 {code} 失败', en: 'the event failed with {code}' },
  becameLetter: {
    zh: '事件成为代码 {code} 的死信',
    en: 'the event became a dead letter with code {code}',
  },
  noOutcome: { zh: '没有上报结果', en: 'no outcome was reported' },
  failed: { zh: '失败', en: 'failed' },
  failedWith: { zh: '以 {code} 失败', en: 'failed with {code}' },
  lost: { zh: '丢失：已投递，却从未回答', en: 'lost: delivered, and never answered' },
  shownMore: { zh: '显示多于一次', en: 'shown more than once' },
  numbersOf: { zh: '{what}：{all} 条中的第 {numbers} 条', en: '{what}: number {numbers} of {all}' },
  otherOrder: { zh: '回答的顺序不同：{numbers}', en: 'answered in another order: {numbers}' },
  longId: {
    zh: '很长的编号：上报的是 {stage} 与 {code}',
    en: 'a very long id: reported was {stage} with {code}',
  },
  answerWentTo: { zh: '给 {writer} 的回答发往 {address}', en: 'the answer to {writer} went to {address}' },
  ofEvent: { zh: '事件 {id}：{reason}', en: 'event {id}: {reason}' },
  eventShownMore: { zh: '事件 {id} 显示多于一次', en: 'event {id} was shown more than once' },
  expiredShown: { zh: '过期消息被显示', en: 'the expired message was shown' },
  foreignNotRefused: {
    zh: '他人会话的 {id} 未被拒绝',
    en: '{id}, of a conversation of others, was not refused',
  },
  foreignShown: {
    zh: '他人会话的消息被显示',
    en: 'a message of a conversation of others was shown',
  },
  letterOf: { zh: '死信属于网络 {network}', en: 'the dead letter is of network {network}' },
};
