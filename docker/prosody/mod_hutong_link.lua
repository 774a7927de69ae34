-- Makes the link to a Hutong adapter as reliable as an XEP-0198 stream, which XEP-0114 components do not have.
--
-- Towards the component: messages and subscription requests are written to a durable queue, handed over with a
-- <queued id=""/> mark, and forgotten when the component says <stored id=""/>. While it is away they wait.
-- A <session id=""/> in it names the stream of the client that sent it: ids of stanzas are unique only there.
-- From the component: a stanza with <uncertain since=""/> may have been delivered before; it is dropped when the
-- recipient's archive (XEP-0313) already holds it.
-- <serve domain=""/> from the component adds a component for another network beside it, with the same secret and modules, until
-- the server stops; the adapter asks for it when a network is registered while the server runs.
-- Hosts with users list the component among their items (XEP-0030), so that clients find the gateway, unless the component
-- said <unlisted/>: its network is not one that people are told of. mod_disco itself lists a component right under a host.
--
-- Configuration:  Component "matrix.hub.example" ; modules_enabled = { "hutong_link" }
--   hutong_link_max_queue = 20000     stanzas that wait for the component
--   hutong_link_add_networks = true   whether <serve/> is allowed
--   hutong_link_max_networks = 200    hosts of this server, above which <serve/> is refused

if module:get_host_type() ~= "component" then
	error("hutong_link is for an external component", 0);
end

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;
local datetime = require "util.datetime";
local config = require "core.configmanager";
local hostmanager = require "core.hostmanager";
local modulemanager = require "core.modulemanager";

local xmlns_link = "urn:hutong:link:0";
local xmlns_hints = "urn:xmpp:hints";
local xmlns_states = "http://jabber.org/protocol/chatstates";

local max_queue = module:get_option_number("hutong_link_max_queue", 20000);
local store = module:open_store("hutong_link", "archive");
local pointer_store = module:open_store("hutong_link_pointer", "keyval");
local owner = "queue";

local queue = {}; -- { id =, stanza = } oldest first
local first, last = 1, 0;
local session;

local subscription = { subscribe = true, subscribed = true, unsubscribe = true, unsubscribed = true };

local function load_queue()
	local acked = (pointer_store:get(owner) or {}).id;
	local items = store:find(owner, {});
	local skipping = acked ~= nil;
	local all = {};
	for id, stanza in items or function () end do
		all[#all + 1] = { id = id, stanza = stanza };
	end
	if skipping then
		local at = 0;
		for i, item in ipairs(all) do
			if item.id == acked then at = i; end
		end
		for i = at + 1, #all do
			last = last + 1;
			queue[last] = all[i];
		end
	else
		for _, item in ipairs(all) do
			last = last + 1;
			queue[last] = item;
		end
	end
	module:log("info", "%d stanzas wait for the component", last - first + 1);
end
load_queue();

-- Everything but what is worthless a moment later (typing, hints not to store) and errors.
local function is_durable(stanza)
	if stanza.name == "presence" then
		return subscription[stanza.attr.type] or false;
	end
	if stanza.attr.type == "error" or stanza:get_child("no-store", xmlns_hints) or stanza:get_child("no-permanent-store", xmlns_hints) then
		return false;
	end
	for tag in stanza:childtags() do
		if tag.attr.xmlns ~= xmlns_states and tag.attr.xmlns ~= xmlns_hints then
			return true;
		end
	end
	return false;
end

local function hand_over(item)
	local copy = st.clone(item.stanza);
	copy.attr.xmlns = nil;
	copy:tag("queued", { xmlns = xmlns_link, id = item.id }):up();
	session.send(copy);
end

local function take(event)
	local stanza = event.stanza;
	if not is_durable(stanza) or last - first + 1 >= max_queue then
		return; -- mod_component sends it, or answers that the component is away
	end
	local copy = st.clone(stanza);
	copy.attr.xmlns = nil;
	-- Only of our own clients is the stream known; whatever somebody put there themselves is not believed.
	copy:maptags(function (tag)
		if tag.attr.xmlns == xmlns_link then
			return nil;
		end
		return tag;
	end);
	local origin = event.origin;
	if origin and origin.type == "c2s" and origin.streamid then
		copy:tag("session", { xmlns = xmlns_link, id = origin.streamid }):up();
	end
	local id, err = store:append(owner, nil, copy, os.time(), jid_bare(copy.attr.from));
	if not id then
		module:log("error", "could not queue a stanza: %s", tostring(err));
		return;
	end
	last = last + 1;
	queue[last] = { id = id, stanza = copy };
	if session then
		hand_over(queue[last]);
	end
	return true;
end

for _, kind in ipairs { "message/bare", "message/full", "presence/bare" } do
	module:hook(kind, take, 10);
end

module:hook("component-authenticated", function (event)
	session = event.session;
	session.send(st.message({ from = module.host, to = module.host }):tag("ready", { xmlns = xmlns_link }):up());
	for i = first, last do
		hand_over(queue[i]);
	end
end);

module:hook("component-disconnected", function (event)
	if session == event.session then
		session = nil;
	end
end);

-- <iq type='set' to='(own domain)'><stored xmlns='urn:hutong:link:0' id='...'/></iq>: all up to this one is stored.
module:hook("iq/host", function (event)
	local stored = event.stanza:get_child("stored", xmlns_link);
	if not stored or event.origin.type ~= "component" or event.origin.host ~= module.host then
		return;
	end
	for i = first, last do
		if queue[i].id == stored.attr.id then
			for j = first, i do
				queue[j] = nil;
			end
			first = i + 1;
			break;
		end
	end
	if first > last then
		queue, first, last = {}, 1, 0;
		store:delete(owner);
		pointer_store:set(owner, nil);
	else
		pointer_store:set(owner, { id = stored.attr.id });
	end
	return true;
end, 10);

-- The domain of another network beside this one: one label more than what we share.
local parent = module.host:match("%.(.*)");

local function is_sibling(domain)
	local label, rest = tostring(domain):match("^([a-z][a-z0-9-]*)%.(.*)$");
	return label ~= nil and parent ~= nil and rest == parent;
end

local function count_hosts()
	local count = 0;
	for _ in pairs(prosody.hosts) do
		count = count + 1;
	end
	return count;
end

-- Upload services that let this component in let the new one in as well.
local function allow_uploads(domain)
	for host in pairs(prosody.hosts) do
		local allowed = config.get(host, "http_file_share_access");
		if type(allowed) == "table" and modulemanager.is_loaded(host, "http_file_share") then
			local with, known = {}, {};
			for _, name in ipairs(allowed) do
				known[name], with[#with + 1] = true, name;
			end
			if known[module.host] and not known[domain] then
				with[#with + 1] = domain;
				config.set(host, "http_file_share_access", with);
				modulemanager.reload(host, "http_file_share");
			end
		end
	end
end

local function add_component(domain)
	-- Set again for a host that is there: a reload of the configuration forgets it.
	if prosody.hosts[domain] and prosody.hosts[domain].type ~= "component" then
		return nil, "is a host of another kind";
	end
	for _, option in ipairs { "component_module", "component_secret", "modules_enabled", "hutong_link_max_queue" } do
		config.set(domain, option, config.get(module.host, option));
	end
	if not prosody.hosts[domain] then
		local ok, err = hostmanager.activate(domain);
		if not ok then
			return nil, err;
		end
		module:log("info", "added the component %s", domain);
	end
	allow_uploads(domain);
	return true;
end

-- <iq type='set' to='(own domain)'><serve xmlns='urn:hutong:link:0' domain='...'/></iq>
module:hook("iq/host", function (event)
	local serve = event.stanza:get_child("serve", xmlns_link);
	if not serve or event.origin.type ~= "component" or event.origin.host ~= module.host then
		return;
	end
	local domain = serve.attr.domain;
	local allowed = module:get_option_boolean("hutong_link_add_networks", true) and is_sibling(domain)
		and (prosody.hosts[domain] or count_hosts() < module:get_option_number("hutong_link_max_networks", 200));
	local ok, err;
	if allowed then
		ok, err = add_component(domain);
	end
	if ok then
		event.origin.send(st.reply(event.stanza));
	else
		module:log("warn", "did not add the component %s: %s", tostring(domain), tostring(err or "not allowed"));
		event.origin.send(st.error_reply(event.stanza, "cancel", "not-allowed"));
	end
	return true;
end, 10);

local listed = true;

module:hook("iq/host", function (event)
	local unlisted = event.stanza:get_child("unlisted", xmlns_link);
	if not unlisted or event.origin.type ~= "component" or event.origin.host ~= module.host then
		return;
	end
	listed = false;
	event.origin.send(st.reply(event.stanza));
	return true;
end, 10);

-- The archive is read once for a pair, then kept up to date by what passes: reading it for every stanza would be slow.
local known = {}; -- "ghost\0user" -> { since =, ids =, used = }
local keep_known = 600;

local function pair_of(stanza)
	return jid_bare(stanza.attr.from).."\0"..jid_bare(stanza.attr.to);
end

local function read_archive(host, stanza, since)
	local ids = {};
	local user = jid_split(stanza.attr.to);
	local archive = module:context(host):open_store(module:context(host):get_option_string("archive_store", "archive"), "archive");
	if user and archive.find then
		for _, item in archive:find(user, { with = jid_bare(stanza.attr.from), start = since }) or function () end do
			if item.attr.id then
				ids[item.attr.id] = true;
			end
		end
	end
	return { since = since, ids = ids };
end

local function already_archived(host, stanza, since)
	local pair = pair_of(stanza);
	local entry = known[pair];
	if not entry or entry.since > since then
		entry = read_archive(host, stanza, since);
		known[pair] = entry;
	end
	entry.used = os.time();
	return entry.ids[stanza.attr.id] or false;
end

module:add_timer(keep_known, function ()
	for pair, entry in pairs(known) do
		if os.time() - entry.used > keep_known then
			known[pair] = nil;
		end
	end
	return keep_known;
end);

local function settle_uncertain(host)
	return function (event)
		local stanza, origin = event.stanza, event.origin;
		if origin.type ~= "component" or origin.host ~= module.host or not stanza.attr.id then
			return;
		end
		local uncertain = stanza:get_child("uncertain", xmlns_link);
		local entry = known[pair_of(stanza)];
		if not uncertain then
			if entry then
				entry.ids[stanza.attr.id] = true;
			end
			return;
		end
		if already_archived(host, stanza, datetime.parse(uncertain.attr.since)) then
			module:log("info", "%s was delivered before", stanza.attr.id);
			return true;
		end
		known[pair_of(stanza)].ids[stanza.attr.id] = true;
		stanza:maptags(function (tag)
			if tag.attr.xmlns == xmlns_link then
				return nil;
			end
			return tag;
		end);
	end
end

-- Prosody activates its hosts in a different order at every start, so a host with users may be activated after this
-- component; an administrator may also deactivate and activate it while the server runs.
local watched = {}; -- host -> its events

local function watch(host)
	local data = prosody.hosts[host];
	if not data or data.type ~= "local" or watched[host] == data.events then
		return;
	end
	watched[host] = data.events;
	for _, kind in ipairs { "message/bare", "message/full" } do
		module:context(host):hook(kind, settle_uncertain(host), 1000);
	end
	module:context(host):hook("host-disco-items", function (event)
		-- A component right under the host is listed by mod_disco itself.
		if listed and parent ~= host and module.host:sub(-#host - 1) == "."..host then
			event.reply:tag("item", { jid = module.host, name = module:get_option_string("name") }):up();
		end
	end);
end

for host in pairs(prosody.hosts) do
	watch(host);
end
module:hook_global("host-activated", watch);
