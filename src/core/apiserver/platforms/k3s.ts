import { distribution, keyNotes, oldArguments } from './rancher.ts'

export const K3S = distribution({
  name: 'k3s',
  title: 'k3s',
  repeatsSince: [23, 6],
  guide: (situation, settings) => ({
    takeOut: oldArguments(settings),
    copy: keyNotes(situation, settings),
    restart: [
      'The API server and kube-controller-manager are a part of k3s: systemctl restart k3s, on one server after the other.',
    ],
    check: ['  journalctl -u k3s | grep "Running kube-apiserver" | tail -n 1'],
    cannot: [],
  }),
})
