-- `:SelfRefine WORD …`: one function for each word.

local client = require('self_refine.client')
local runs = require('self_refine.runs')
local actions = require('self_refine.actions')
local pages = require('self_refine.pages')

local M = {}

---@type table<string, self_refine.Word>
local words = {}

--- Lines of a command without a range: the paragraph or definition that the server names, else the line.
---@param server vim.lsp.Client
---@param given self_refine.Given
---@param use fun(first: integer, last: integer)
local function on_lines(server, given, use)
  if given.range > 0 then
    return use(given.line1, given.line2)
  end
  local row = vim.api.nvim_win_get_cursor(0)[1]
  local here = { line = row - 1, character = 0 }
  local params = { uri = client.uri(), range = { start = here, ['end'] = here } }
  server:request('selfRefine/unit', params, function(_, unit)
    if unit and unit ~= vim.NIL then
      local first, _, last, column = client.place(server, 0, unit.range)
      return use(first + 1, math.max(first, column == 0 and last - 1 or last) + 1)
    end
    use(row, row)
  end)
end

--- Ids of criteria, then the user's own words: `refine email -- shorter, please`.
---@param args string[]
---@return string[] ids, string instruction
local function ids_and_words(args)
  local ids, instruction = {}, {}
  local into = ids
  for _, each in ipairs(args) do
    if each == '--' and into == ids then
      into = instruction
    else
      table.insert(into, each)
    end
  end
  return ids, table.concat(instruction, ' ')
end

---@param kind string
local function starts(kind)
  return function(server, given)
    local ids, instruction = ids_and_words(given.args)
    on_lines(server, given, function(first, last)
      local range, hash = client.lines(server, first, last)
      client.call(server, kind, {
        uri = client.uri(),
        range = range,
        textHash = hash,
        criteria = #ids > 0 and ids or nil,
        instruction = instruction ~= '' and instruction or nil,
      })
    end)
  end
end

words.refine = starts('refine')
words.critique = starts('critique')
words.generate = starts('generate')

--- Choose the criteria, and say what you want in your own words.
words['with'] = function(server, given)
  on_lines(server, given, function(first, last)
    local range, hash = client.lines(server, first, last)
    local uri = client.uri()
    client.ask(server, 'selfRefine/offers', { uri = uri, range = range }, function(offers)
      vim.ui.select(offers, {
        prompt = 'By which criteria?',
        format_item = function(offer)
          return offer.applies and offer.title or ('%s (%s)'):format(offer.title, offer.whyNot)
        end,
      }, function(offer)
        if not offer then
          return
        end
        vim.ui.input({ prompt = 'In your own words (Return for none): ' }, function(instruction)
          if instruction then
            client.call(server, 'refine', {
              uri = uri,
              range = range,
              textHash = hash,
              criteria = offer.ids,
              instruction = instruction ~= '' and instruction or nil,
            })
          end
        end)
      end)
    end)
  end)
end

function words.cancel(server)
  local running = runs.newest('running')
  if not running then
    return client.say('no run is working on this buffer.')
  end
  client.call(server, 'cancel', { runId = running.runId })
end

---@param name string `accept` or `revert`
---@param verb string as the user knows it
local function decides(name, verb)
  return function(server, given)
    if given.bang or given.args[1] == 'all' then
      return client.call(server, name, { uri = client.uri() })
    end
    local here = runs.at_cursor()
    if not here then
      return client.say(('no change stands here to %s. :SelfRefine next goes to one.'):format(verb))
    end
    client.call(server, name, { runId = here.view.runId, hunk = here.change.number })
  end
end

words.keep = decides('accept', 'keep')
words.revert = decides('revert', 'revert')

---@param name string
local function answers(name)
  return function(server)
    local waiting = runs.newest('waiting')
    if not waiting then
      return client.say('no result waits for this buffer.')
    end
    client.call(server, name, { runId = waiting.runId })
  end
end

words.accept = answers('accept')
words.discard = answers('revert')

---@param step integer
local function goes(step)
  return function(server)
    local changes = runs.changes(0)
    if #changes == 0 then
      return client.say('there are no changes to review in this buffer.')
    end
    local row, column = unpack(vim.api.nvim_win_get_cursor(0))
    local places = vim.tbl_map(function(each)
      local line, at = client.place(server, 0, each.change.range)
      return { line + 1, at }
    end, changes)
    local found = step > 0 and places[1] or places[#places] -- wraps round
    for index = step > 0 and 1 or #places, step > 0 and #places or 1, step do
      local place = places[index]
      local ahead = place[1] > row or (place[1] == row and place[2] > column)
      local behind = place[1] < row or (place[1] == row and place[2] < column)
      if (step > 0 and ahead) or (step < 0 and behind) then
        found = place
        break
      end
    end
    vim.cmd("normal! m'")
    vim.api.nvim_win_set_cursor(0, found)
  end
end

words.next = goes(1)
words.previous = goes(-1)

function words.why()
  local here = runs.at_cursor()
  if not here then
    return vim.lsp.buf.hover()
  end
  actions.explain({ uri = client.uri(), runId = here.view.runId, hunk = here.change.number })
end

function words.diff()
  local waiting = runs.newest('waiting')
  if not waiting then
    return client.say('no result waits for this buffer.')
  end
  actions.difference(waiting)
end

function words.runs()
  local every = runs.all()
  if #every == 0 then
    return client.say('there was no run yet. Select lines and use :SelfRefine refine.')
  end
  vim.ui.select(every, {
    prompt = 'Runs',
    format_item = function(view)
      local where = ('%s:%d'):format(view.file or '', view.line or 0)
      return ('%s  %s  %s'):format(where, view.title, view.verdict and view.verdict.sentence or view.state)
    end,
  }, function(view)
    if view then
      actions.trace(view.runId)
    end
  end)
end

function words.trace(_, given)
  local view = runs.of(0)[1]
  local id = given.args[1] or (view and view.runId)
  if not id then
    return client.say('there was no run in this buffer yet.')
  end
  actions.trace(id)
end

function words.criteria(server)
  client.call(server, 'explain', { uri = client.uri() }, function(page)
    pages.open('criteria', page)
  end)
end

function words.new()
  actions.new_criteria()
end

function words.doctor(server)
  client.say('asking the model one question …')
  server:request('selfRefine/doctor', nil, function(err, report)
    local lines = err and { err.message } or report.lines
    client.say(table.concat(lines, '\n'), (err or not report.ok) and vim.log.levels.WARN or nil)
  end)
end

---@param given table as `nvim_create_user_command` gives it
function M.run(given)
  local word = table.remove(given.fargs, 1) or 'refine'
  local run = words[word]
  if not run then
    local known = table.concat(M.complete('', 'SelfRefine '), ', ')
    return client.say(('there is no command %q. There are %s.'):format(word, known), vim.log.levels.WARN)
  end
  local server = client.must()
  if server then
    run(server, {
      args = given.fargs,
      line1 = given.line1,
      line2 = given.line2,
      range = given.range,
      bang = given.bang,
    })
  end
end

---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  local before = vim.split(line, '%s+')
  local offered = {}
  if #before <= 2 then
    offered = vim.tbl_keys(words)
  elseif before[2] == 'keep' or before[2] == 'revert' then
    offered = { 'all' }
  end
  table.sort(offered)
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, offered)
end

return M
