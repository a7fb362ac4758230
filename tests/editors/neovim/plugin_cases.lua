-- Owns what a user of the plugin does, command by command. Each case runs in a Neovim, a workspace and a home of its own.

local CASES = {}
local function case(name, given, body)
  given.plugin = true
  table.insert(CASES, { name = 'plugin: ' .. name, given = given, body = body })
end

local TEXT = 'Dear Ann,\n\n\u{1F600} Kindly note: we utilise the form.\nWe commence at ten.\n'
local REFINED = 'Dear Ann,\n\n\u{1F600} Please note: we use the form.\nWe begin at ten.'

local function marks(kind)
  local space = require('self_refine.inline_diff').namespace
  local found = vim.api.nvim_buf_get_extmarks(0, space, 0, -1, { details = true })
  return vim.iter(found):map(function(mark)
    local details = mark[4]
    if kind == 'old' and details.virt_text then
      return details.virt_text[1][1]
    elseif kind == 'new' and details.hl_group then
      local words = vim.api.nvim_buf_get_text(0, mark[2], mark[3], details.end_row, details.end_col, {})
      return table.concat(words, '\n')
    end
  end):totable()
end

local function refined(t)
  t:open('memo.md', TEXT)
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' } })
  vim.cmd('3,4SelfRefine refine')
  t:wait_text(REFINED)
  t:wait('the changes are drawn', function() return #marks('old') == 3 end)
end

case('refine lands, and the changes stand in the text', {}, function(t)
  refined(t)
  t:equal(marks('old'), { 'Kindly', 'utilise', 'commence' }, 'struck through')
  t:equal(marks('new'), { 'Please', 'use', 'begin' }, 'tinted')
  t:equal(require('self_refine').status(), '2 changes')
end)

case('next, revert and keep decide change by change', {}, function(t)
  refined(t)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.cmd('SelfRefine next')
  t:equal(vim.api.nvim_win_get_cursor(0)[1], 3)
  vim.cmd('SelfRefine next')
  t:equal(vim.api.nvim_win_get_cursor(0)[1], 4)
  vim.cmd('SelfRefine revert')
  t:wait_text((REFINED:gsub('begin', 'commence')))
  t:wait('its marks are gone', function() return #marks('old') == 2 end)
  vim.cmd('SelfRefine previous')
  vim.cmd('SelfRefine keep')
  t:wait('all marks are gone', function() return #marks('old') == 0 end)
  t:equal(t:text(), (REFINED:gsub('begin', 'commence')))
  t:equal(require('self_refine').status(), '')
end)

case('revert all gives the text back', {}, function(t)
  refined(t)
  vim.cmd('SelfRefine! revert')
  t:wait_text((TEXT:gsub('\n$', '')))
  t:wait('all marks are gone', function() return #marks('old') == 0 end)
end)

case('undo takes the marks with it, redo brings them back', {}, function(t)
  refined(t)
  vim.cmd('silent undo')
  t:wait('the marks are gone', function() return #marks('old') == 0 end)
  vim.cmd('silent redo')
  t:wait('the marks are back', function() return #marks('old') == 3 end)
end)

case('a held result is shown in a tab, and accepted', { options = { review = 'hold', extensions = true } }, function(t)
  t:open('memo.md', TEXT)
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' } })
  vim.cmd('3,4SelfRefine refine')
  t:wait('the result waits', function() return require('self_refine.runs').newest('waiting') end)
  t:equal(t:text(), (TEXT:gsub('\n$', '')))
  vim.cmd('SelfRefine diff')
  t:wait('a tab shows the difference', function() return vim.fn.tabpagenr('$') == 2 and vim.wo.diff end)
  t:equal(t:text(), REFINED, 'the result')
  vim.cmd('tabclose')
  vim.cmd('SelfRefine accept')
  t:wait_text(REFINED)
end)

case('without a range the paragraph under the cursor is refined', {}, function(t)
  t:open('memo.md', TEXT)
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' } })
  vim.api.nvim_win_set_cursor(0, { 4, 0 })
  vim.cmd('SelfRefine')
  t:wait_text(REFINED)
end)

case('cancel ends the run', { answers = { { hang = true } } }, function(t)
  t:open('memo.md', 'We utilise the form.\n')
  vim.cmd('1SelfRefine critique')
  t:wait_asked()
  vim.cmd('SelfRefine cancel')
  t:wait('the run has ended', function()
    local view = require('self_refine.runs').of(0)[1]
    return view and view.state == 'ended'
  end)
end)

case('why, trace, criteria and runs open beside the text', {}, function(t)
  refined(t)
  local text = vim.api.nvim_get_current_buf()
  vim.api.nvim_win_set_cursor(0, { 4, 3 })
  vim.cmd('SelfRefine why')
  t:wait('a window floats', function()
    return vim.iter(vim.api.nvim_list_wins()):any(function(w) return vim.api.nvim_win_get_config(w).relative ~= '' end)
  end)
  for _, word in ipairs({ 'trace', 'criteria' }) do
    vim.cmd('SelfRefine ' .. word)
    t:wait(word .. ' is open', function()
      return vim.api.nvim_buf_get_name(0):find('self-refine://' .. word, 1, true)
    end)
    t:equal(vim.bo.modifiable, false)
    vim.cmd('close')
    t:equal(vim.api.nvim_get_current_buf(), text)
  end
  local offered
  vim.ui.select = function(items, options)
    offered = vim.tbl_map(options.format_item, items)
  end
  vim.cmd('SelfRefine runs')
  t:equal(#offered, 1)
  t:equal(offered[1]:match('^memo%.md:3'), 'memo.md:3')
end)

case('the command completes its words, and names them when one is wrong', {}, function(t)
  t:open('memo.md', TEXT)
  t:equal(vim.fn.getcompletion('SelfRefine ke', 'cmdline'), { 'keep' })
  t:equal(vim.fn.getcompletion('SelfRefine keep ', 'cmdline'), { 'all' })
  local said
  vim.notify = function(words) said = words end
  vim.cmd('SelfRefine kepe')
  t:equal(said:match('there is no command "kepe"'), 'there is no command "kepe"')
  vim.cmd('SelfRefine keep')
  t:equal(said, 'self-refine: no change stands here to keep. :SelfRefine next goes to one.')
end)

case('doctor says which model answers', {}, function(t)
  t:open('memo.md', TEXT)
  local said = {}
  vim.notify = function(words) table.insert(said, words) end
  vim.cmd('SelfRefine doctor')
  t:wait('doctor answers', function() return #said == 2 end)
  t:equal(said[2]:match('127%.0%.0%.1'), '127.0.0.1')
end)

case('checkhealth finds the server', {}, function(t)
  t:open('memo.md', TEXT)
  vim.cmd('checkhealth self_refine')
  local page = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  t:equal(page:match('The server is attached to 1 buffers') ~= nil, true, page)
end)

return CASES
