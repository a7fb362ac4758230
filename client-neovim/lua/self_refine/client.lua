-- Talking to the server: the client of a buffer, its commands, and ranges in its encoding.

local M = {}

--- The text that is worked on: the buffer itself, or the one that a page or a difference is about.
---@param buffer? integer
---@return integer
function M.text(buffer)
  buffer = (buffer and buffer ~= 0) and buffer or vim.api.nvim_get_current_buf()
  local of = vim.b[buffer].self_refine_text
  return of and vim.api.nvim_buf_is_valid(of) and of or buffer
end

---@param buffer? integer
---@return vim.lsp.Client?
function M.of(buffer)
  return vim.lsp.get_clients({ bufnr = M.text(buffer), name = 'self_refine' })[1]
end

---@param words string
---@param level? integer
function M.say(words, level)
  vim.notify('self-refine: ' .. words, level or vim.log.levels.INFO)
end

--- The client of the buffer; says what to do where there is none.
---@return vim.lsp.Client?
function M.must()
  local client = M.of(0)
  if not client then
    M.say('the server is not attached to this buffer. See :checkhealth self_refine', vim.log.levels.WARN)
  end
  return client
end

--- Ask the server; `done` gets its answer, errors are said.
---@param client vim.lsp.Client
---@param method string
---@param params table?
---@param done? fun(result: any)
function M.ask(client, method, params, done)
  client:request(method, params, function(err, result)
    if err then
      M.say(err.message, vim.log.levels.ERROR)
    elseif done then
      done(result ~= vim.NIL and result or nil)
    end
  end)
end

--- Call a command of the server; `done` gets its result.
---@param client vim.lsp.Client
---@param name string
---@param argument table
---@param done? fun(result: any)
function M.call(client, name, argument, done)
  M.ask(client, 'workspace/executeCommand', { command = 'selfRefine.' .. name, arguments = { argument } }, done)
end

---@param buffer? integer
---@return string
function M.uri(buffer)
  return vim.uri_from_bufnr(M.text(buffer))
end

--- Whole lines as the server wants them: their range and the hash of their words.
---@param client vim.lsp.Client
---@param first integer from 1
---@param last integer from 1, included
---@return table range, string hash
function M.lines(client, first, last)
  local eol = ({ dos = '\r\n', mac = '\r', unix = '\n' })[vim.bo.fileformat]
  local lines = vim.api.nvim_buf_get_lines(0, first - 1, last, false)
  local tail = lines[#lines] or ''
  local range = {
    start = { line = first - 1, character = 0 },
    ['end'] = { line = last - 1, character = vim.str_utfindex(tail, client.offset_encoding) },
  }
  return range, vim.fn.sha256(table.concat(lines, eol))
end

--- A range of the protocol in rows and bytes from 0, kept inside the buffer.
---@param client vim.lsp.Client
---@param buffer integer
---@param range lsp.Range
---@return integer row, integer column, integer end_row, integer end_column
function M.place(client, buffer, range)
  local count = vim.api.nvim_buf_line_count(buffer)
  local function at(position)
    if position.line >= count then
      local text = vim.api.nvim_buf_get_lines(buffer, count - 1, count, false)[1] or ''
      return count - 1, #text
    end
    local text = vim.api.nvim_buf_get_lines(buffer, position.line, position.line + 1, false)[1] or ''
    local column = vim.str_byteindex(text, client.offset_encoding, position.character, false)
    return position.line, math.min(column, #text)
  end
  local row, column = at(range.start)
  local end_row, end_column = at(range['end'])
  return row, column, end_row, end_column
end

return M
