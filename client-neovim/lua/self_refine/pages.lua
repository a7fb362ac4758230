-- Pages of the server (traces, explanations, reports) beside the text, never over it.

local client = require('self_refine.client')

local M = {}

---@param name string
---@param page string
function M.open(name, page)
  local text = client.text()
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.b[buffer].self_refine_text = text
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(page, '\n'))
  vim.bo[buffer].filetype = 'markdown'
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].bufhidden = 'wipe'
  vim.api.nvim_buf_set_name(buffer, ('self-refine://%s/%d'):format(name, buffer))
  vim.api.nvim_open_win(buffer, true, { split = 'right' })
  vim.wo.wrap = true
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, desc = 'Close this page' })
end

--- Why something was changed, in a window that floats at the cursor.
---@param page string
function M.float(page)
  local options = { border = 'rounded', focus_id = 'self_refine_why' }
  vim.lsp.util.open_floating_preview(vim.split(page, '\n'), 'markdown', options)
end

---@type table<string, integer> by run id: the tab that shows its difference
local tabs = {}

--- The result of a run that waits, beside the text, as a difference in a tab of its own.
--- `:SelfRefine accept` and `discard` work in both windows, and close the tab.
---@param view self_refine.View
---@param after string
function M.difference(view, after)
  local text = vim.uri_to_bufnr(view.uri)
  vim.cmd.tabnew()
  vim.bo.bufhidden = 'wipe'
  vim.api.nvim_win_set_buf(0, text)
  vim.cmd.diffthis()
  local buffer = vim.api.nvim_create_buf(false, true)
  local lines = vim.split((after:gsub('\r\n', '\n'):gsub('\n$', '')), '\n')
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.b[buffer].self_refine_text = text
  vim.bo[buffer].filetype = vim.bo[text].filetype
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].bufhidden = 'wipe'
  vim.api.nvim_buf_set_name(buffer, ('self-refine://result/%s'):format(view.runId))
  vim.api.nvim_open_win(buffer, true, { split = 'right' })
  vim.cmd.diffthis()
  tabs[view.runId] = vim.api.nvim_get_current_tabpage()
end

--- The result was accepted or discarded: its difference is over.
---@param run string
function M.close(run)
  local tab = tabs[run]
  tabs[run] = nil
  if tab and vim.api.nvim_tabpage_is_valid(tab) and #vim.api.nvim_list_tabpages() > 1 then
    vim.cmd.tabclose(vim.api.nvim_tabpage_get_number(tab))
  end
end

return M
