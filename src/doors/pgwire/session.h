#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "doors/pgwire/answer.h"
#include "doors/pgwire/message.h"
#include "doors/pgwire/parts.h"
#include "doors/pgwire/settings.h"
#include "doors/pgwire/statement.h"
#include "query/direct.h"

namespace hanse::pgwire {

// Who has signed in, and from where.
struct Client {
  std::string access_key, session_token, address;
  std::string database;  // As he called it; "awsdatacatalog" where he named none.
  bool secure = false;
  std::uint32_t process = 0;
};

// The statements of one client after he has signed in. Nothing of what he may do is remembered: each statement looks the key up
// anew, and passes the gate. One thread; Cancel() and End() any.
class Session {
 public:
  // `send`: gives bytes to the client, in their order.
  using Send = std::function<Result<void>(std::string_view bytes)>;
  Session(const Parts& parts, AnswerRoom& room, Client client, Settings settings, Send send)
      : parts_(parts), room_(room), client_(std::move(client)), settings_(std::move(settings)), send_(std::move(send)) {}

  // Answers one message. An error ends the connection.
  Result<void> Handle(Frontend message);
  std::uint64_t idle_ms(std::uint64_t most) const { return settings_.idle_ms(most); }
  void Cancel();
  void End();  // No statement begins any more, and what runs is stopped.

 private:
  static constexpr std::size_t kStatementsMax = 1000;  // Prepared ones, and portals, of one session.

  struct Prepared {
    Statement statement;
    std::vector<Oid> types;
  };
  // What a statement gave: rows, or a tag alone.
  struct Done {
    std::shared_ptr<Answer> answer;
    std::string tag;
    std::optional<std::uint64_t> fetched;  // Of FETCH and MOVE: so many rows of a cursor's answer, which stays where it is.
    query::AnswerGrounds rests_on = {};    // The rights that the answer was made by.
  };
  struct Portal {
    Statement statement;
    std::vector<std::string> literals;
    std::vector<bool> binary;
    bool holds = false;  // Else it ends with its transaction.
    bool ran = false;
    Done done;
  };

  Result<void> On(const Query& message);
  Result<void> On(const Parse& message);
  Result<void> On(const Bind& message);
  Result<void> On(const Describe& message);
  Result<void> On(const Execute& message);
  Result<void> On(const Close& message);
  Result<void> On(const Sync& message);
  Result<void> On(const Flush& message);
  Result<void> On(const FunctionCall& message);
  Result<void> On(const CopyPart&) { return {}; }
  Result<void> On(const Terminate& message);
  Result<void> On(const Authentication& message);

  // One statement. Its error is the client's and leaves the connection as it is.
  Result<Done> Do(const Statement& statement, const std::vector<std::string>& literals, const std::vector<bool>& binary);
  Result<Done> DoOwn(const Statement& statement);
  Result<Done> DeclareCursor(const Statement& statement, const std::vector<std::string>& literals);
  Result<Done> FetchFrom(const Statement& statement, const std::vector<bool>& binary);
  Result<Done> CloseCursor(const Statement& statement);
  Result<std::shared_ptr<Portal>> CursorOf(const Statement& statement);
  Result<Done> DoQuery(const Statement& statement, const std::vector<std::string>& literals, const std::vector<bool>& binary,
                       std::optional<Copy> copy = std::nullopt);
  Result<Done> DoCopy(const Statement& statement);
  Result<Done> Show(const Statement& statement, const std::vector<bool>& binary);
  Result<void> DescribeTo(const Statement& statement, const std::vector<std::string>& literals, const std::vector<bool>& binary);
  Result<void> AnswerDescribe();  // The Describe of a portal that no Execute has followed.
  Result<void> PutRows(Done& done, std::uint64_t rows_max);
  Result<gate::Context> As() const;
  // Before more of an answer that waits is given: the key must still be good, and the rights that it rests on must hold.
  Result<void> Hold(const Done& done) const;
  query::DirectStatement DirectOf(std::string sql, engine::JobKind kind) const;
  std::map<std::string, std::string> SessionOf(const Caller& caller) const;
  // Tells the client, and passes over what comes until Sync where the message was one of several.
  void Refuse(const Error& error, bool until_sync);
  void Ready();
  Result<void> SendAll();
  std::stop_token Begin();

  const Parts& parts_;
  AnswerRoom& room_;
  const Client client_;
  Settings settings_;
  const Send send_;
  Writer out_;
  char transaction_ = 'I';
  bool skipping_ = false;
  std::map<std::string, Prepared> prepared_;
  std::map<std::string, std::shared_ptr<Portal>> portals_;  // Shared: a statement may close the portal that it runs in.
  // A portal that was to be described: mostly Execute comes next and says the columns by the way, so that nothing is planned twice.
  std::optional<std::string> described_;

  std::mutex mutex_;
  std::stop_source stop_;  // Of what runs now.
  bool ended_ = false;
};

}  // namespace hanse::pgwire
