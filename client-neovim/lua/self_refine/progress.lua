-- What a run is doing, below the text: Neovim shows the progress of no server by itself.

local M = {}

---@type table<string|integer, string> by the progress' token: its title, which only its beginning has
local titles = {}

---@param token string|integer
---@param value {kind: string, title?: string, message?: string}
local function echo(token, value)
  titles[token] = value.title or titles[token]
  local title, message = titles[token] or 'Self-refine', value.message or ''
  local over = value.kind == 'end'
  if over then
    titles[token] = nil
  end
  if vim.fn.has('nvim-0.12') == 0 then
    local line = ('%s: %s'):format(title, message)
    -- One line: a longer one would wait for Return.
    return vim.api.nvim_echo({ { vim.fn.strcharpart(line, 0, math.max(1, vim.v.echospace)) } }, false, {})
  end
  vim.api.nvim_echo({ { message } }, over, {
    id = 'self_refine.' .. token,
    kind = 'progress',
    source = 'self_refine',
    title = title,
    status = over and 'success' or 'running',
  })
end

--- Show the progress of this server from now on.
function M.show()
  vim.api.nvim_create_autocmd('LspProgress', {
    group = vim.api.nvim_create_augroup('self_refine_progress', {}),
    desc = 'self-refine: what a run is doing',
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == 'self_refine' then
        echo(event.data.params.token, event.data.params.value)
      end
    end,
  })
end

--- Leave it to another plugin, such as fidget.nvim.
function M.hide()
  vim.api.nvim_create_augroup('self_refine_progress', {})
end

return M
