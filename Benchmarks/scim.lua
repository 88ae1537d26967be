-- One kind of SCIM request for wrk, over people drawn from a file ("id userName" a line): wrk -s scim.lua URL -- KIND FILE TOKEN [PREFIX]
local kind, people, token, prefix, total, number = "", {}, "", "", 0, 0
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("number", threads * 7919)
    thread:set("base", threads)
end

function init(arguments)
    kind, token, prefix = arguments[1], arguments[3], arguments[4] or ""
    total = tonumber(arguments[5] or "0")
    for line in io.lines(arguments[2]) do
        local id, name = line:match("^(%S+) (%S+)$")
        people[#people + 1] = { id = id, name = name }
    end
    wrk.headers["Authorization"] = "Bearer " .. token
    wrk.headers["Content-Type"] = "application/scim+json"
    wrk.headers["Accept"] = "application/scim+json"
    prefix = prefix .. tostring(os.time()) .. "x" .. tostring(base) .. "x"
end

local function encoded(text)
    return (text:gsub("[^%w%-%._~]", function(c) return string.format("%%%02X", c:byte()) end))
end

local patch = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"title","value":"Title %d"}]}'
local post = '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%s@bench.example",'
    .. '"name":{"givenName":"Given","familyName":"Family"},"displayName":"Given Family","active":true,"externalId":"%s",'
    .. '"emails":[{"value":"%s@bench.example","type":"work","primary":true}]}'

-- Requests that do not change anything are made beforehand, so that the generator, which shares the machine, costs the same for each kind.
local ready = {}

local function get(path) ready[#ready + 1] = wrk.format("GET", path) end

local function prepare()
    if kind == "page" then return get(wrk.path .. "/Users?startIndex=1&count=100") end
    if kind == "deep" then return get(wrk.path .. "/Users?startIndex=" .. total .. "&count=100") end
    if kind ~= "get" and kind ~= "hit" and kind ~= "miss" then return get(wrk.path) end
    for place = 1, #people do
        local person = people[place * 7919 % #people + 1]
        local name = kind == "miss" and "nobody" .. place .. "@bench.example" or person.name
        if kind == "get" then
            get(wrk.path .. "/Users/" .. person.id)
        else
            get(wrk.path .. "/Users?filter=" .. encoded('userName eq "' .. name .. '"'))
        end
    end
end

function request()
    number = number + 1
    if kind == "patch" then
        local person = people[number * 7919 % #people + 1]
        return wrk.format("PATCH", wrk.path .. "/Users/" .. person.id, nil, patch:format(number))
    end
    if kind == "post" then
        local name = prefix .. number
        return wrk.format("POST", wrk.path .. "/Users", nil, post:format(name, name, name))
    end
    if #ready == 0 then prepare() end
    return ready[number % #ready + 1]
end

function done(summary, latency)
    local errors = summary.errors
    print(string.format(
        "RESULT %d %d %d %d %d", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
