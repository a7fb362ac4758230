-- What users call from their own configuration.

local M = {}

---@class self_refine.Options
---@field cmd? string[] The server, where `self-refine` is not on PATH.
---@field settings? table<string, any> Settings of the server, such as `{ review = 'hold' }`.
---@field filetypes? string[]
---@field progress? boolean Whether the stages of a run are shown below the text; true.

--- Optional: sets options and enables the server.
---@param options? self_refine.Options
function M.setup(options)
  options = options or {}
  vim.lsp.config('self_refine', {
    cmd = options.cmd,
    filetypes = options.filetypes,
    init_options = vim.tbl_extend('force', { extensions = true }, options.settings or {}),
  })
  if options.progress == false then
    require('self_refine.progress').hide()
  end
  vim.lsp.enable('self_refine')
end

--- For a status line: what the buffer's run is doing, or how many changes are to be reviewed; '' for nothing.
---@param buffer? integer
---@return string
function M.status(buffer)
  return require('self_refine.runs').status(buffer or 0)
end

return M
