/** Bodies of our requests to a Fetion server. Pure. */
import { escapeXml } from '#service';

/** @param presence the last known presence of the person, so that the login shows nobody as online who is not */
export function registration(mobile: string, userId: number, presence: number): string {
  return (
    '<args><device machine-code="001676C0E351"/><caps value="1ff"/><events value="7f"/>' +
    `<user-info mobile-no="${mobile}" user-id="${userId}"><personal version="0" attributes="v4default"/>` +
    '<custom-config version="0"/><contact-list version="0" buddy-attributes="v4default"/></user-info>' +
    '<credentials domains="fetion.com.cn"/>' +
    `<presence><basic value="${presence}" desc=""/></presence></args>`
  );
}

export const KEEP_ALIVE = '<args><credentials domains="fetion.com.cn"/></args>';

export const SUBSCRIBE_PRESENCE =
  '<args><subscription self="v4default;mail-count" buddy="v4default" version="0"/></args>';

export function setPresence(value: number, mood: string | undefined): string {
  return `<args><presence><basic value="${value}" desc="${escapeXml(mood ?? '')}"/></presence></args>`;
}

export function setNickname(name: string): string {
  return `<args><userinfo><personal nickname="${escapeXml(name)}" version="0"/></userinfo></args>`;
}

export function contactInfo(who: { uri: string }): string {
  return `<args><contact uri="${escapeXml(who.uri)}"/></args>`;
}

export function addBuddy(uri: string, introduction: string): string {
  return (
    `<args><contacts><buddies><buddy uri="${escapeXml(uri)}" local-name="" buddy-lists="1" ` +
    `desc="${escapeXml(introduction)}" expose-mobile-no="1" expose-name="1" addbuddy-phrase-id="0"/></buddies></contacts></args>`
  );
}

export function handleRequest(userId: string, uri: string, accept: boolean): string {
  return (
    `<args><contacts><buddies><buddy user-id="${userId}" uri="${escapeXml(uri)}" result="${accept ? 1 : 0}" ` +
    'buddy-lists="" local-name="" expose-mobile-no="1" expose-name="1"/></buddies></contacts></args>'
  );
}

export function deleteBuddy(userId: string): string {
  return `<args><contacts><buddies><buddy user-id="${userId}"/></buddies></contacts></args>`;
}

export const IS_TYPING = '<is-composing><state>input</state></is-composing>';
