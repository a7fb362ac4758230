-- The runs as the server tells of them. State is the server's: what it said last is what is shown.

local M = {}

local client = require('self_refine.client')

---@type table<string, self_refine.View> by run id
local views = {}
---@type string[]
local order = {}

--- The server has told of a run.
---@param view self_refine.View
function M.told(view)
  if not views[view.runId] then
    table.insert(order, view.runId)
  end
  local before = views[view.runId]
  views[view.runId] = view
  vim.schedule(function()
    local buffer = vim.uri_to_bufnr(view.uri)
    if vim.api.nvim_buf_is_loaded(buffer) then
      require('self_refine.inline_diff').show(buffer)
    end
    if view.state == 'waiting' and view.held and not (before and before.state == 'waiting') then
      local words = 'result ready for review. :SelfRefine diff shows it, accept or discard decides.'
      client.say(words)
    end
    if before and before.state == 'waiting' and view.state ~= 'waiting' then
      require('self_refine.pages').close(view.runId)
    end
    vim.cmd.redrawstatus()
  end)
end

--- The runs of a buffer, newest first.
---@param buffer? integer
---@return self_refine.View[]
function M.of(buffer)
  local uri = client.uri(buffer)
  local found = {}
  for index = #order, 1, -1 do
    local view = views[order[index]]
    if view.uri == uri then
      table.insert(found, view)
    end
  end
  return found
end

--- Every run, newest first.
---@return self_refine.View[]
function M.all()
  return vim.iter(order):rev():map(function(id)
    return views[id]
  end):totable()
end

--- A run by its id.
---@param id string
---@return self_refine.View?
function M.get(id)
  return views[id]
end

--- The newest run of the buffer in a state.
---@param state self_refine.State
---@return self_refine.View?
function M.newest(state)
  return vim.iter(M.of(0)):find(function(view)
    return view.state == state
  end)
end

--- The changes of a buffer that are to be decided, in the order of the text.
---@param buffer? integer
---@return self_refine.Place[]
function M.changes(buffer)
  local found = {}
  for _, view in ipairs(M.of(buffer)) do
    for _, change in ipairs(view.changes or {}) do
      if (change.state == 'landed' or change.state == 'waiting') and change.range and change.range ~= vim.NIL then
        table.insert(found, { view = view, change = change })
      end
    end
  end
  table.sort(found, function(a, b)
    local left, right = a.change.range.start, b.change.range.start
    return left.line < right.line or (left.line == right.line and left.character < right.character)
  end)
  return found
end

--- The change under the cursor: on its words, else the first one of its line.
---@return self_refine.Place?
function M.at_cursor()
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local server = client.of(0)
  local on_line
  for _, each in ipairs(M.changes(0)) do
    local from, from_column, to, to_column = client.place(assert(server), 0, each.change.range)
    if from <= row - 1 and row - 1 <= to then
      local starts = from < row - 1 or from_column <= column
      local ends = to > row - 1 or column < math.max(to_column, from_column + 1)
      if starts and ends then
        return each
      end
      on_line = on_line or each
    end
  end
  return on_line
end

--- What a status line shows of a buffer.
---@param buffer integer
---@return string
function M.status(buffer)
  local running = vim.iter(M.of(buffer)):find(function(view)
    return view.state == 'running'
  end)
  if running then
    return running.stage ~= '' and running.stage or 'refining'
  end
  local pending = #M.changes(buffer)
  if pending > 0 then
    return pending == 1 and '1 change' or pending .. ' changes'
  end
  return ''
end

return M
