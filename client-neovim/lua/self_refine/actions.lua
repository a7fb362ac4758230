-- What code actions, code lenses and buttons of messages ask the editor for.

local client = require('self_refine.client')
local runs = require('self_refine.runs')
local pages = require('self_refine.pages')

local M = {}

---@param run string
function M.trace(run)
  local server = client.must()
  if server then
    client.call(server, 'showTrace', { runId = run }, function(page)
      pages.open('trace', page)
    end)
  end
end

--- The difference of a result that waits, in a tab.
---@param view self_refine.View
function M.difference(view)
  local server = client.must()
  if server then
    client.ask(server, 'selfRefine/preview', { runId = view.runId }, function(preview)
      if preview then
        pages.difference(view, preview.after)
      end
    end)
  end
end

--- Which criteria apply; of a run, what it changed; of a change, why.
---@param argument {uri: string, runId?: string, hunk?: integer}
function M.explain(argument)
  local server = client.must()
  local view = argument.runId and runs.get(argument.runId)
  if not server then
    return
  end
  if view and view.state == 'waiting' and not argument.hunk then
    return M.difference(view)
  end
  client.call(server, 'explain', argument, function(page)
    if argument.hunk then
      pages.float(page)
    else
      pages.open(argument.runId and 'difference' or 'criteria', page)
    end
  end)
end

---@param question string
---@param choices {[1]: string, [2]: fun()}[]
local function choose(question, choices)
  vim.ui.select(choices, {
    prompt = question,
    format_item = function(choice)
      return choice[1]
    end,
  }, function(choice)
    if choice then
      choice[2]()
    end
  end)
end

---@param name string `accept` or `revert`
---@param argument table
local function decide(name, argument)
  return function()
    local server = client.must()
    if server then
      client.call(server, name, argument)
    end
  end
end

---@param view self_refine.View
---@param change self_refine.Change
local function of_change(view, change)
  local one = { runId = view.runId, hunk = change.number }
  choose(change.title, {
    { 'Keep', decide('accept', one) },
    { 'Revert', decide('revert', one) },
    {
      'Why?',
      function()
        M.explain({ uri = view.uri, runId = view.runId, hunk = change.number })
      end,
    },
  })
end

--- What a code lens opens.
---@param argument {uri: string, runId: string, hunks: integer[]}
function M.review(argument)
  local view = runs.get(argument.runId)
  if not view then
    return
  end
  local whole = { runId = view.runId }
  if view.state == 'waiting' then
    return choose('The refined text waits', {
      { 'Accept', decide('accept', whole) },
      {
        'Show the difference',
        function()
          M.difference(view)
        end,
      },
      { 'Discard', decide('revert', whole) },
    })
  end
  local meant = vim.tbl_filter(function(change)
    return change.state == 'landed' and vim.tbl_contains(argument.hunks, change.number)
  end, view.changes)
  if #meant == 1 then
    return of_change(view, meant[1])
  end
  local choices = vim.tbl_map(function(change)
    return {
      change.title,
      function()
        of_change(view, change)
      end,
    }
  end, meant)
  table.insert(choices, { 'Keep all', decide('accept', whole) })
  table.insert(choices, { 'Revert all', decide('revert', whole) })
  choose(('%d changes in this line. Which one?'):format(#meant), choices)
end

--- A criteria file of the workspace, with a first question; one that is there is opened.
local function new_criteria()
  vim.ui.input({ prompt = 'Name of the criteria file: ', default = 'team' }, function(name)
    name = name and vim.trim(name):gsub('%.criteria%.md$', '') or ''
    if not name:match('^[a-z0-9][a-z0-9-]*$') then
      if name ~= '' then
        client.say('a name has small letters, digits and dashes, such as team-mail.', vim.log.levels.WARN)
      end
      return
    end
    local server = client.of(0)
    local root = server and server.root_dir or vim.fn.getcwd()
    local path = vim.fs.joinpath(root, 'criteria', name .. '.criteria.md')
    vim.fn.mkdir(vim.fs.dirname(path), 'p')
    vim.cmd.edit(vim.fn.fnameescape(path))
    if vim.fn.filereadable(path) == 0 then
      local lines = { '# ' .. name, '', '- **vague-date** (error): Is there a deadline without a date?' }
      vim.api.nvim_buf_set_lines(0, 0, -1, false, lines)
    end
  end)
end

--- What the button of a message asks for; each says or opens what helps in Neovim.
---@type table<string, fun()>
local acts = {
  setApiKey = function()
    client.say('set OPENAI_API_KEY in the environment of Neovim, then start Neovim again.')
  end,
  chooseModel = function()
    client.say("name a model: require('self_refine').setup({ settings = { model = '…' } })")
  end,
  showLog = function()
    vim.cmd.tabedit(vim.fn.fnameescape(vim.lsp.log.get_filename()))
  end,
  manageTrust = function()
    client.say("take trusted = false out of the settings that you give to require('self_refine').setup().")
  end,
  openSettings = function()
    vim.cmd.help('self-refine')
  end,
  newCriteria = new_criteria,
  chooseCriteria = function()
    vim.cmd('SelfRefine with')
  end,
}

---@param params {action: string, uri: string, runId: string}
function M.act(params)
  local act = acts[params.action]
  if act then
    vim.schedule(act)
  end
end

M.new_criteria = new_criteria

return M
